"""Cut a text that is longer than a title into title-sized pieces, and combine their answers."""

import re

import numpy as np

MOST = 64  # pieces of a text; the rest after them is not read
INDEPENDENT = 2  # pieces: however long a text on one subject is, it counts at most as much as these
FEWEST = 3  # words: a shorter sentence is joined with the sentence after it
_WORD = re.compile(r"\S+")
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")
_BLANK_LINE = re.compile(r"\n[ \t>|]*\n")
_QUOTED = re.compile(r"(?m)^[ \t]*[>|][ \t>|]*")


def cut(text: str, *, words: int) -> list[tuple[int, int]]:
    """Return the start and end of at most `MOST` pieces of a text, each of at most `words` words.

    A piece ends with a sentence or a paragraph. The marks before a quoted line are not words (see
    `unquoted`).
    """
    text = unquoted(text)
    spans: list[tuple[int, int]] = []
    start, count, last = None, 0, 0
    for word in _WORD.finditer(text):
        gap = start is not None and count >= FEWEST and _BLANK_LINE.search(text, last, word.start())
        if gap or count == words:
            spans.append((start, last))
            start, count = None, 0
            if len(spans) == MOST:
                return spans
        start, last, count = word.start() if start is None else start, word.end(), count + 1
        if count >= FEWEST and _ENDS.search(word[0]):
            spans.append((start, last))
            start, count = None, 0
            if len(spans) == MOST:
                return spans
    return spans if start is None else [*spans, (start, last)]


def unquoted(text: str) -> str:
    """Replace the marks before quoted lines by spaces; the length stays the same."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), text)


def parts(log_odds: np.ndarray, prior: float) -> np.ndarray:
    """Return how much each piece adds to the log odds of its text, which start from `prior`.

    `log_odds` (n,) belong to the pieces. The evidence of n independent pieces would add up in full.
    Pieces of one text are dependent, so n pieces count as much as sqrt(n) independent pieces, but at
    most as much as `INDEPENDENT` pieces.
    """
    return (log_odds - prior) * _share(len(log_odds))


def together(log_odds: np.ndarray, owners: np.ndarray, count: int, prior: float) -> np.ndarray:
    """Return the log odds of `count` texts, float [count], from those of pieces (n,) of the texts `owners` (n,).

    NaN without any.
    """
    pieces = np.bincount(owners, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        return prior + np.bincount(owners, log_odds - prior, count) * _share(pieces)


def _share(pieces):
    """Return the weight of one of this many pieces."""
    return np.minimum(np.sqrt(pieces), INDEPENDENT) / pieces
