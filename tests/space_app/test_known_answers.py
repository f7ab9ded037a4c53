"""One known question per tab of the running app, and an answer that is not right."""

from space_app import page


def test_every_tab_has_a_question_that_the_app_answers_rightly(app, published):
    assert [tab.title for tab in page.TABS if tab.question is None] == ["Mission control"]
    found = published.call("-c", CHECK, app.address, "0")
    assert found.returncode == 0, found.stderr
    lines = found.stdout.splitlines()
    assert "WRONG []" in lines
    assert {"Landing: correct", "Lander: correct", "Lab: correct", "Cards: correct"} <= set(lines)
    found = published.call("-c", CHECK, app.address, "0.3")
    assert "WRONG ['Landing: probability is " in found.stdout


# A checker that expects another chance by so much finds fault with the app.
CHECK = """
import sys
from space_app import known_answers
right = known_answers.expected
def shifted(question, watch):
    answer = right(question, watch)
    return answer | {"probability": answer["probability"] + float(sys.argv[2])} if "probability" in answer else answer
known_answers.expected = shifted
print("WRONG", known_answers.check(sys.argv[1], token=None, say=print))
"""
