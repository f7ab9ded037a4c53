"""Text that is longer than a title: pieces that are about as long as one, and what they say together."""

import re

import numpy as np

MOST = 64  # pieces of a text; what follows them is not read
INDEPENDENT = 2  # pieces: however long a text goes on about one thing, it says no more than these would
FEWEST = 3  # words: what is shorter goes with the sentence after it
_WORD = re.compile(r"\S+")
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")
_BLANK_LINE = re.compile(r"\n[ \t>|]*\n")
_QUOTED = re.compile(r"(?m)^[ \t]*[>|][ \t>|]*")


def cut(text: str, *, words: int) -> list[tuple[int, int]]:
    """Return where the pieces of a text begin and end, none of more than so many words; `MOST` at most.

    A piece ends with a sentence or a paragraph. The signs before a quoted line are no words (see `unquoted`).
    """
    text = unquoted(text)
    found: list[tuple[int, int]] = []
    start, count, last = None, 0, 0
    for word in _WORD.finditer(text):
        gap = start is not None and count >= FEWEST and _BLANK_LINE.search(text, last, word.start())
        if gap or count == words:
            found.append((start, last))
            start, count = None, 0
            if len(found) == MOST:
                return found
        start, last, count = word.start() if start is None else start, word.end(), count + 1
        if count >= FEWEST and _ENDS.search(word[0]):
            found.append((start, last))
            start, count = None, 0
            if len(found) == MOST:
                return found
    return found if start is None else [*found, (start, last)]


def unquoted(text: str) -> str:
    """Return a text with spaces for the signs before quoted lines, as long as it was."""
    return _QUOTED.sub(lambda found: " " * len(found[0]), text)


def parts(log_odds: np.ndarray, prior: float) -> np.ndarray:
    """Return what each piece adds to the log odds of its text, which start from `prior`, those of any text.

    `log_odds` (n,) are those of the pieces. What n pieces say that do not depend on each other would add up in full; pieces
    of one text do, and all together count as much as sqrt(n) would, and no more than `INDEPENDENT`.
    """
    return (log_odds - prior) * _share(len(log_odds))


def together(log_odds: np.ndarray, owners: np.ndarray, count: int, prior: float) -> np.ndarray:
    """Return the log odds of `count` texts, float [count], from those of pieces (n,), which `owners` (n,) have; NaN without any."""
    pieces = np.bincount(owners, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        return prior + np.bincount(owners, log_odds - prior, count) * _share(pieces)


def _share(pieces):
    """Return how much of what one of so many pieces says counts."""
    return np.minimum(np.sqrt(pieces), INDEPENDENT) / pieces
