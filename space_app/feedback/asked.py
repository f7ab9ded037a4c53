"""The answers that a visitor may judge: the newest ones, in memory; the page knows each by a random name."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from space_app.html import render
from space_app.watch import Status
from spacehub.serving.feedback import LONGEST_TITLE

MOST, MOST_BYTES = 1_000, 16 * 2**20
LONGEST_INPUT = 40 * 2**10  # characters; a row has other fields, too


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a model was given and what it said; a correction is one of `labels`."""

    model: str
    commit: str
    input: str | Mapping[str, float | str | None]
    answer: str
    labels: Sequence[str]

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return 500 + (len(self.input) if isinstance(self.input, str) else 100 * len(self.input))


class Answers:
    """The newest answers, at most `MOST` and `MOST_BYTES`; each can be taken once."""

    def __init__(self):
        self._kept: OrderedDict[str, Asked] = OrderedDict()
        self._bytes, self._lock = 0, threading.Lock()

    def keep(self, asked: Asked) -> str:
        """Keep an answer; return its name."""
        name = secrets.token_hex(16)
        with self._lock:
            self._kept[name] = asked
            self._bytes += asked.size
            while len(self._kept) > MOST or self._bytes > MOST_BYTES:
                self._bytes -= self._kept.popitem(last=False)[1].size
        return name

    def find(self, name: str) -> Asked | None:
        """Return an answer that is still kept."""
        return self._kept.get(name)

    def take(self, name: str) -> bool:
        """Forget an answer; return whether it was there."""
        with self._lock:
            asked = self._kept.pop(name, None)
            self._bytes -= asked.size if asked else 0
        return asked is not None


_active: list[tuple[str, Answers]] = []


def begin(repo_id: str) -> Answers:
    """Offer from now on to judge answers, for a dataset."""
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
    """Draw the question whether an answer is right; nothing where no feedback is kept, or of a long input.

    Parameters
    ----------
    given : str or mapping
        The model's input, as `spacehub.serving.feedback.Row` has it.
    answer, labels : str, sequence of str
        What the model said, and what it might have said; `spoken` returns a label's name on the page.
    question, what : str
        What the visitor is asked, and what a click sends.
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
    """Whether feedback is kept."""
    return bool(_active)
