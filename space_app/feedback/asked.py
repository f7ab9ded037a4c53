"""The answers that a visitor can judge: the newest ones, in memory. The page identifies each by a random name."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from space_app.html import render
from space_app.watch import Status
from spacehub.serving.feedback import LONGEST_TITLE

MOST, MOST_BYTES = 1_000, 16 * 2**20
LONGEST_INPUT = 40 * 2**10  # characters; a row has other fields as well


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The input and the answer of a model. A correction must be one of `labels`."""

    model: str
    commit: str
    input: str | Mapping[str, float | str | None]
    answer: str
    labels: Sequence[str]

    @property
    def size(self) -> int:
        """The approximate size in bytes."""
        return 500 + (len(self.input) if isinstance(self.input, str) else 100 * len(self.input))


class Answers:
    """The newest answers, at most `MOST` and `MOST_BYTES`. Each can be taken once."""

    def __init__(self):
        self._kept: OrderedDict[str, Asked] = OrderedDict()
        self._bytes, self._lock = 0, threading.Lock()

    def keep(self, asked: Asked) -> str:
        """Keep an answer, and return its random name."""
        name = secrets.token_hex(16)
        with self._lock:
            self._kept[name] = asked
            self._bytes += asked.size
            while len(self._kept) > MOST or self._bytes > MOST_BYTES:
                self._bytes -= self._kept.popitem(last=False)[1].size
        return name

    def find(self, name: str) -> Asked | None:
        """Return an answer, or None if it is no longer kept."""
        return self._kept.get(name)

    def take(self, name: str) -> bool:
        """Remove an answer, and return whether it was there."""
        with self._lock:
            asked = self._kept.pop(name, None)
            self._bytes -= asked.size if asked else 0
        return asked is not None


_active: list[tuple[str, Answers]] = []


def begin(repo_id: str) -> Answers:
    """Start to keep the answers that visitors can judge; the dataset `repo_id` receives the verdicts."""
    _active[:] = [(repo_id, Answers())]
    return _active[0][1]


def form(
    status: Status,
    *,
    given: str | Mapping[str, float | str | None],
    answer: str,
    labels: Sequence[str],
    question: str,
    what: str,
    spoken: Callable[[str], str] = str,
) -> str:
    """Render the form that asks whether an answer is right. Empty if feedback is off or the input is too long.

    Parameters
    ----------
    given : str or mapping
        The model's input, as `spacehub.serving.feedback.Row` has it.
    answer, labels : str, sequence of str
        The model's answer, and all its possible answers. `spoken` returns a label's name on the page.
    question, what : str
        The question to the visitor, and a description of what a click sends.
    """
    longest = LONGEST_TITLE if status.entry.key == "titles" else LONGEST_INPUT
    if not _active or len(given) > longest:
        return ""
    repo_id, answers = _active[0]
    asked = Asked(
        model=status.entry.key, commit=status.commit, input=given, answer=answer, labels=tuple(labels)
    )
    return render(
        "feedback/form.html",
        name=answers.keep(asked),
        question=question,
        what=what,
        repo_id=repo_id,
        others=[(one, spoken(one)) for one in labels if one != answer],
    )


def is_on() -> bool:
    """Return whether feedback is on."""
    return bool(_active)
