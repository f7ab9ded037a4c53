"""The Lab's experiment Bayes, as a program calls it."""

import pytest


@pytest.fixture
def page(lab):
    return lab("bayes")


def test_a_signal(page):
    answer = page.predict(looks=[True] * 8, api_name="/lab_signal")
    assert len(answer["chances"]) == 9
    assert answer["final"] > 0.99


def test_spam(page):
    spam, ham = (
        page.predict(message=message, api_name="/lab_spam")["spam"]
        for message in ("Click now to win a free star", "The launch is on Tuesday")
    )
    assert spam > 0.9 > 0.1 > ham


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("lab_signal", {"looks": [True], "prior": 7}, "prior.*from 0.001 to 0.999"),
        ("lab_signal", {"looks": [True, "no"]}, "looks.*enter true or false"),
        ("lab_spam", {"message": "!!! 123"}, "message contains no words"),
    ],
)
def test_errors_name_the_cause(page, name, change, words):
    with pytest.raises(Exception, match=words):
        page.predict(**change, api_name=f"/{name}")
