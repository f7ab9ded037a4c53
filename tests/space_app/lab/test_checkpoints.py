"""The Lab's Checkpoints: what the questions lead to, the endpoint, and the quiz in a browser."""

import json

import pytest

from space_app.lab.checkpoints.api import lab_checkpoints
from space_app.lab.experiments import EXPERIMENTS
from space_app.page import TABS
from spacehub.lab.checkpoints import WEEKS, week
from tests.space_app.screens import PHONE_FIRST

PAGE = "checkpoints"
KEPT = "spacehub-checkpoints"
# Tomorrow, so that what was known today is due again; only the clock is moved, timers run.
TOMORROW = "2026-03-02T12:00:00"


def test_what_a_question_leads_to_is_there():
    pages = {f"../{listing.key}/" for listing in EXPERIMENTS}
    tabs = {f"../../?tab={tab.key}" for tab in TABS}
    for number in range(1, WEEKS + 1):
        for question in lab_checkpoints(number)["questions"]:
            page, _, bench = question["see"]["address"].partition("#bench-")
            assert page in (pages if bench else tabs)


def test_the_endpoint_gives_a_week(lab):
    client = lab(PAGE)
    answer = client.predict(week=7, api_name="/lab_checkpoints")
    assert (answer["week"], answer["title"]) == (7, week(7).title)
    given = [(question["key"], question["answer"], question["wrong"]) for question in answer["questions"]]
    assert given == [(asked.key, asked.answer, list(asked.wrong)) for asked in week(7).questions]
    with pytest.raises(Exception, match="The parameter week"):
        client.predict(week=13, api_name="/lab_checkpoints")


def kept(page) -> dict:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEPT}')"))


def choose(page, question, *, right: bool) -> None:
    options = page.locator(".ck-choice span").all_inner_texts()
    texts = [question.answer] if right else question.wrong
    page.keyboard.press(str(1 + next(k for k, text in enumerate(options) if text in texts)))


@pytest.mark.browser
@PHONE_FIRST
def test_the_quiz_keeps_what_was_answered(app, open_page, screenshots, width, dark):
    first, second, third = week(9).questions[:3]
    page = open_page(app, "lab/checkpoints/", width=width, dark=dark)
    page.clock.set_fixed_time("2026-03-01T12:00:00")

    def quiz():
        page.locator(".ck-card").wait_for()

    def asked(question):
        page.locator(".ck-question", has_text=question.question).wait_for()

    quiz()
    page.locator(".ck-chip", has_text="9").click()
    # One to think of: what was written outlives a reload.
    asked(first)
    page.get_by_label("Your answer").fill("Try or use?")
    page.reload()
    quiz()
    asked(first)
    assert page.get_by_label("Your answer").input_value() == "Try or use?"
    page.locator(".ck-show").click()
    assert first.why in page.locator(".ck-explanation").inner_text()
    page.keyboard.press("Enter")  # I knew it
    # One to choose, by the keys alone, wrong: it shows as answered after a reload, too.
    asked(second)
    choose(page, second, right=False)
    page.locator(".ck-choice.right", has_text=second.answer).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shade = "dark" if dark else "light"
    screenshots(page, f"lab-checkpoints-{width}-{shade}.png", full_page=True)
    page.reload()
    quiz()
    page.locator(".ck-choice.wrong").wait_for()
    page.locator(".ck-next").press("Enter")
    asked(third)
    places = kept(page)["places"]
    assert {key: place["box"] for key, place in places.items()} == {first.key: 2, second.key: 1}
    # After five minutes the one that was wrong is due; the one that was known, the day after.
    page.clock.set_fixed_time("2026-03-01T12:06:00")
    choose(page, third, right=True)
    page.keyboard.press("Enter")
    asked(second)
    choose(page, second, right=True)
    page.clock.set_fixed_time(TOMORROW)
    page.keyboard.press("Enter")
    asked(first)
    # What shows it is opened and in sight.
    page.locator(".ck-show").click()
    page.locator(".ck-see").click()
    page.locator(f"#bench-{first.bench}").wait_for()
    page.go_back()
    quiz()
    page.locator(".ck-forget").click()
    page.locator(".ck-yes").click()
    assert kept(page)["places"] == {}
