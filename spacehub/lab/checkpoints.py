"""The course's own questions with their answers, by week: one file per week in ``spacehub/lab/questions``."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spacehub.errors import SpaceHubError

FOLDER = Path(__file__).with_name("questions")
WEEKS = 12


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question of the course.

    Parameters
    ----------
    key : str
        The name under which a visitor's progress is stored. It stays the same when the wording changes.
    question, answer, why : str
        Plain text; text between backticks is code.
    wrong : sequence of str
        The other choices. If there are none, the visitor thinks of an answer and then reveals the correct one.
    bench, tab : str
        Where to see the answer: the key of a Lab experiment, or the title of another tab. Exactly one of the two is
        set.
    """

    key: str
    question: str
    answer: str
    why: str
    wrong: Sequence[str] = ()
    bench: str = ""
    tab: str = ""


@dataclass(frozen=True, kw_only=True)
class Week:
    """A week of the course: its title and its questions."""

    number: int
    title: str
    questions: Sequence[Question]


def week(number: int) -> Week:
    """Return a week's questions.

    Raises
    ------
    SpaceHubError
        If the course has no such week.
    """
    if not isinstance(number, int) or not 1 <= number <= WEEKS:
        raise SpaceHubError(f"Week {number} is not part of the course.", f"Choose a week from 1 to {WEEKS}.")
    return _read(number)


@cache
def _read(number: int) -> Week:
    read = tomllib.loads((FOLDER / f"week_{number:02}.toml").read_text(encoding="utf-8"))
    questions = tuple(Question(**entry) for entry in read["question"])
    return Week(number=number, title=read["title"], questions=questions)
