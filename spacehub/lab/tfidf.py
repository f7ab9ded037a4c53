"""TF-IDF: a word has a large weight if a text contains it often and few texts of a corpus contain it.

Sparck Jones (1972), "A statistical interpretation of term specificity"; smoothed as in scikit-learn, as if one more
text contained every word once.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacehub.errors import SpaceHubError

# scikit-learn's own pattern: at least two letters or digits.
WORD = re.compile(r"(?u)\b\w\w+\b")


@dataclass(frozen=True, kw_only=True)
class Weight:
    """A word of a text: its count, its inverse document frequency, and its component in a vector of length 1."""

    count: int
    idf: float
    weight: float


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return WORD.findall(text.lower())


def learn(corpus: Sequence[str]) -> dict[str, float]:
    """Return the inverse document frequency of each word of a corpus: ln((1 + N) / (1 + df)) + 1.

    N is the number of texts, and df the number of texts that contain the word.

    Raises
    ------
    SpaceHubError
        If no text has a word.
    """
    holds = Counter(word for text in corpus for word in set(words(text)))
    if not holds:
        raise SpaceHubError("The corpus contains no words.", "Enter words of at least two letters.")
    return {word: math.log((1 + len(corpus)) / (1 + df)) + 1 for word, df in holds.items()}


def weigh(text: str, idf: Mapping[str, float], *, sublinear: bool = False) -> dict[str, Weight]:
    """Return the weight of each word of a text that occurs in the corpus, in order of appearance.

    The weight is the count times the inverse document frequency, scaled to a vector of length 1. A `sublinear` count
    is 1 + ln n.
    """
    counts = Counter(word for word in words(text) if word in idf)
    raw = {word: (1 + math.log(n) if sublinear else n) * idf[word] for word, n in counts.items()}
    length = math.hypot(*raw.values())
    return {
        word: Weight(count=counts[word], idf=idf[word], weight=value / length) for word, value in raw.items()
    }


def cosine(one: Mapping[str, Weight], other: Mapping[str, Weight]) -> float:
    """Return the cosine of two texts' unit vectors: 0 if they share no words, 1 if the weights are the same."""
    return sum(weighted.weight * other[word].weight for word, weighted in one.items() if word in other)
