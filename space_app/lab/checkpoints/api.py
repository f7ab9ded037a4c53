"""The endpoint that returns a week's questions, each with a link to the part of the app that shows the answer."""

import functools
import importlib
from typing import Annotated, TypedDict

from space_app.lab.experiments import EXPERIMENTS
from space_app.parameters import integer
from spacehub.lab import checkpoints
from spacehub.lab.checkpoints import Question


class Place(TypedDict):
    """The place where the app shows an answer: an address relative to an experiment's page and the text of the link."""

    address: str
    title: str


class Asked(TypedDict):
    """A question, its answer with the reason, any other choices, and where the app shows the answer."""

    key: str
    question: str
    answer: str
    why: str
    wrong: list[str]
    see: Place


class Checkpoints(TypedDict):
    """A course week: its topic and its questions."""

    week: int
    title: str
    questions: list[Asked]


def lab_checkpoints(
    week: Annotated[int, integer(1, checkpoints.WEEKS, label="Week of the course")],
) -> Checkpoints:
    """Return the course's questions for a week, each with its answer and a short reason.

    Returns
    -------
    Checkpoints
        The week's topic and its questions. A question without choices is open: answer it in your own words.
    """
    week_ = checkpoints.week(week)
    questions = [_with_link(question) for question in week_.questions]
    return Checkpoints(week=week_.number, title=week_.title, questions=questions)


@functools.cache
def _places() -> dict[str, Place]:
    """Return a mapping from each key in the questions to the place where the Lab shows the answer."""
    places = {}
    for listing in EXPERIMENTS:
        experiment = getattr(importlib.import_module(listing.module), "EXPERIMENT", None)
        for bench in experiment.benches if experiment else ():
            places[bench.key] = Place(
                address=f"../{listing.key}/#bench-{bench.key}", title=f"{listing.title}: {bench.question}"
            )
    return places


def _with_link(question: Question) -> Asked:
    if question.bench:
        see = _places()[question.bench]
    else:
        key = question.tab.lower().replace(" ", "-")
        see = Place(address=f"../../?tab={key}", title=f"the tab {question.tab}")
    return Asked(
        key=question.key,
        question=question.question,
        answer=question.answer,
        why=question.why,
        wrong=list(question.wrong),
        see=see,
    )
