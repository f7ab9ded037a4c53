"""What an answer rests on: words taken out one at a time, and the words that a shortcut would be made of."""

import re
from collections import Counter
from collections.abc import Callable

import numpy as np

from spacehub.serving.titles.linear import TOKEN, Linear

WORD = re.compile(r"\S+")
MASKED = 10

Ask = Callable[[np.ndarray], np.ndarray]


def occlusion(ask: Ask, text: str) -> tuple[float, list[tuple[str, float]]]:
    """Return the chance of *space* of a text, and for each of its words by how much the log odds fall without it.

    `ask` returns chances of texts. All variants are asked at once (occlusion, Zeiler and Fergus 2014).
    """
    words = list(WORD.finditer(text))
    without = [f"{text[: word.start()]}{text[word.end() :]}".strip() or "." for word in words]
    odds = _log_odds(ask(np.array([text, *without], dtype=object)))
    return float(1 / (1 + np.exp(-odds[0]))), [
        (word[0], float(odds[0] - rest)) for word, rest in zip(words, odds[1:], strict=True)
    ]


def telling_words(linear: Linear, texts: np.ndarray, *, count: int = MASKED) -> list[str]:
    """Return the single words that speak for *space* most, summed over the texts that they stand in."""
    total: Counter[str] = Counter()
    for text in texts:
        total.update({term: part for term, part in linear.parts(text).items() if " " not in term})
    return [word for word, _ in total.most_common(count)]


def without_words(texts: np.ndarray, words: list[str]) -> np.ndarray:
    """Return texts with these words taken out, in whatever case."""
    chosen = set(words)

    def kept(found: re.Match) -> str:
        return "" if found[0].lower() in chosen else found[0]

    return np.array([" ".join(re.sub(TOKEN, kept, text).split()) or "." for text in texts], dtype=object)


def with_words(texts: np.ndarray, words: list[str]) -> np.ndarray:
    """Return which texts have one of the words."""
    chosen = set(words)
    return np.array([bool(chosen.intersection(re.findall(TOKEN, text.lower()))) for text in texts])


def _log_odds(chances: np.ndarray) -> np.ndarray:
    clipped = np.clip(chances, 1e-7, 1 - 1e-7)
    return np.log(clipped / (1 - clipped))
