"""TF-IDF: a word counts the more, the more often a text has it and the fewer texts of a corpus do.

Sparck Jones (1972), "A statistical interpretation of term specificity"; smoothed as scikit-learn does it, as if one more text held
every word once.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacehub.errors import SpaceHubError

# scikit-learn's own: two letters or digits at least.
WORD = re.compile(r"(?u)\b\w\w+\b")


@dataclass(frozen=True, kw_only=True)
class Weight:
    """A word of a text: how often it is there, its inverse document frequency, and its part of a vector of length 1."""

    count: int
    idf: float
    weight: float


def words(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return WORD.findall(text.lower())


def learn(corpus: Sequence[str]) -> dict[str, float]:
    """Return the inverse document frequency of each word of a corpus: ln((1 + N) / (1 + df)) + 1.

    N is the number of texts, and df of how many the word is part.

    Raises
    ------
    SpaceHubError
        When no text has a word.
    """
    holds = Counter(word for text in corpus for word in set(words(text)))
    if not holds:
        raise SpaceHubError("There is no word in the corpus.", "Write words of two letters or more.")
    return {word: math.log((1 + len(corpus)) / (1 + df)) + 1 for word, df in holds.items()}


def weigh(text: str, idf: Mapping[str, float], *, sublinear: bool = False) -> dict[str, Weight]:
    """Return the weight of each word of a text that the corpus knows, in the order in which they come.

    It is the count times the inverse document frequency, scaled to a vector of length 1; a `sublinear` count is 1 + ln n.
    """
    counts = Counter(word for word in words(text) if word in idf)
    raw = {word: (1 + math.log(n) if sublinear else n) * idf[word] for word, n in counts.items()}
    length = math.hypot(*raw.values())
    return {
        word: Weight(count=counts[word], idf=idf[word], weight=value / length) for word, value in raw.items()
    }


def cosine(one: Mapping[str, Weight], other: Mapping[str, Weight]) -> float:
    """Return the cosine between two texts' vectors of length 1: 0 with no word in common, 1 for the same weights."""
    return sum(found.weight * other[word].weight for word, found in one.items() if word in other)
