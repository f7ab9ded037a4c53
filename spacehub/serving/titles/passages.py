"""Cut a long text into sentences and passages, and combine the answers for its passages."""

import re
from collections.abc import Iterator
from itertools import islice

import numpy as np

MOST = 16  # passages of a text; the rest after them is not read
INDEPENDENT = 2  # passages: however long a text on one subject is, it counts at most as much as these
FEWEST = 3  # words: a shorter sentence is joined with the sentence after it
_WORD = re.compile(r"\S+")
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")
_BLANK_LINE = re.compile(r"\n[ \t>|]*\n")
_QUOTED = re.compile(r"(?m)^[ \t]*[>|][ \t>|]*")


def sentences(text: str, *, most: int | None = None) -> list[tuple[int, int]]:
    """Return the start and end of each sentence, or of a paragraph's end without a full stop.

    The marks before a quoted line are not words (see `unquoted`). If there are more than `most` sentences,
    neighbouring sentences are joined.
    """
    spans = [(start, end) for start, end, _ in _sentences(text, len(text))]
    if most is None or len(spans) <= most:
        return spans
    each = -(-len(spans) // most)
    groups = [spans[first : first + each] for first in range(0, len(spans), each)]
    return [(group[0][0], group[-1][1]) for group in groups]


def cut(text: str, *, words: int) -> list[tuple[int, int]]:
    """Return the start and end of at most `MOST` passages of a text: whole sentences of at most `words` words in total.

    A sentence with more than `words` words is split.
    """
    return list(islice(_cut(text, words), MOST))


def _cut(text: str, words: int) -> Iterator[tuple[int, int]]:
    start, end, total = 0, 0, 0
    for first, last, count in _sentences(text, words):
        if total and total + count > words:
            yield start, end
            total = 0
        start, end, total = start if total else first, last, total + count
    if total:
        yield start, end


def _sentences(text: str, words: int) -> Iterator[tuple[int, int, int]]:
    """Yield the start, the end and the number of words of each sentence; split a sentence of more than `words` words."""
    text = unquoted(text)
    start, count, last = None, 0, 0
    for word in _WORD.finditer(text):
        gap = start is not None and count >= FEWEST and _BLANK_LINE.search(text, last, word.start())
        if gap or count == words:
            yield start, last, count
            start, count = None, 0
        start, last, count = word.start() if start is None else start, word.end(), count + 1
        if count >= FEWEST and _ENDS.search(word[0]):
            yield start, last, count
            start, count = None, 0
    if start is not None:
        yield start, last, count


def unquoted(text: str) -> str:
    """Replace the marks before quoted lines by spaces; the length stays the same."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), text)


def parts(log_odds: np.ndarray, prior: float) -> np.ndarray:
    """Return how much each passage adds to the log odds of its text, which start from `prior`.

    `log_odds` (n,) belong to the passages. The evidence of n independent passages would add up in full.
    Passages of one text are dependent, so n passages count as much as sqrt(n) independent passages, but at
    most as much as `INDEPENDENT` passages.
    """
    return (log_odds - prior) * _share(len(log_odds))


def together(log_odds: np.ndarray, owners: np.ndarray, count: int, prior: float) -> np.ndarray:
    """Return the log odds of `count` texts, float [count], from those of passages (n,) of the texts `owners` (n,).

    NaN without any.
    """
    passages = np.bincount(owners, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        return prior + np.bincount(owners, log_odds - prior, count) * _share(passages)


def _share(count):
    """Return the weight of one of `count` passages."""
    return np.minimum(np.sqrt(count), INDEPENDENT) / count
