"""The endpoint that gives a week's questions, with what of the app shows each."""

import functools
import importlib
from typing import Annotated, TypedDict

from space_app.lab.experiments import EXPERIMENTS
from space_app.parameters import integer
from spacehub.lab import checkpoints
from spacehub.lab.checkpoints import Question


class Place(TypedDict):
    """Where the app shows it: an address relative to an experiment's page, and what to call it."""

    address: str
    title: str


class Asked(TypedDict):
    """A question, its answer and why; what else may be chosen, if anything; what shows it."""

    key: str
    question: str
    answer: str
    why: str
    wrong: list[str]
    see: Place


class Checkpoints(TypedDict):
    """The questions of a week of the course, and what the week is about."""

    week: int
    title: str
    questions: list[Asked]


def lab_checkpoints(
    week: Annotated[int, integer(1, checkpoints.WEEKS, label="Week of the course")],
) -> Checkpoints:
    """Return the course's questions of a week, each with its answer and a short why.

    Returns
    -------
    Checkpoints
        What the week is about, and its questions; one without wrong answers is to be thought through.
    """
    found = checkpoints.week(week)
    questions = [_asked(question) for question in found.questions]
    return Checkpoints(week=found.number, title=found.title, questions=questions)


@functools.cache
def _places() -> dict[str, Place]:
    """Return where each question of the Lab is, by the key that the questions use."""
    places = {}
    for listing in EXPERIMENTS:
        experiment = getattr(importlib.import_module(listing.module), "EXPERIMENT", None)
        for bench in experiment.benches if experiment else ():
            places[bench.key] = Place(
                address=f"../{listing.key}/#bench-{bench.key}", title=f"{listing.title}: {bench.question}"
            )
    return places


def _asked(question: Question) -> Asked:
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
