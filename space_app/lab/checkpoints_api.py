"""The endpoint that gives a week's questions, with what of the app shows each."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

from space_app.lab.frame import Experiment
from spacehub.lab import checkpoints
from spacehub.lab.checkpoints import Question


class Place(TypedDict):
    """Where the app shows it: a tab, and if that is the Lab, the sub-tab, the bench's key and its question."""

    tab: str
    sub_tab: str
    bench: str
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


def ask_of(experiments: Sequence[Experiment]) -> Callable[[int], Checkpoints]:
    """Return the endpoint; its questions lead to the benches of the Lab's `experiments`."""
    benches = {
        bench.key: Place(tab="Lab", sub_tab=experiment.title, bench=bench.key, title=bench.question)
        for experiment in experiments
        for bench in experiment.benches
    }

    def lab_checkpoints(week: int) -> Checkpoints:
        """Give the course's questions of a week, each with its answer and a short why.

        Parameters
        ----------
        week : int
            A week of the course, from 1 to 12.

        Returns
        -------
        Checkpoints
            What the week is about, and its questions; one with nothing else to choose is to be thought of.
        """
        found = checkpoints.week(week)
        questions = [_asked(question, benches) for question in found.questions]
        return Checkpoints(week=found.number, title=found.title, questions=questions)

    return lab_checkpoints


def _asked(question: Question, benches: Mapping[str, Place]) -> Asked:
    see = (
        benches[question.bench] if question.bench else Place(tab=question.tab, sub_tab="", bench="", title="")
    )
    return Asked(
        key=question.key,
        question=question.question,
        answer=question.answer,
        why=question.why,
        wrong=list(question.wrong),
        see=see,
    )
