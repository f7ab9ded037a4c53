"""Explain an answer by leaving out one word at a time, and find the words that a model can use as a shortcut."""

import re
from collections import Counter
from collections.abc import Callable

import numpy as np

from spacehub.serving.titles.linear import TOKEN, Linear

WORD = re.compile(r"\S+")
MASKED = 10

Ask = Callable[[np.ndarray], np.ndarray]


def occlusion(ask: Ask, text: str) -> tuple[float, list[tuple[str, float]]]:
    """Return a text's probability of *space*, and for each word how much the log odds fall without it.

    `ask` returns probabilities of texts. All variants are queried at once (occlusion, Zeiler and Fergus 2014).
    """
    words = list(WORD.finditer(text))
    without = [f"{text[: word.start()]}{text[word.end() :]}".strip() or "." for word in words]
    odds = _log_odds(ask(np.array([text, *without], dtype=object)))
    return float(1 / (1 + np.exp(-odds[0]))), [
        (word[0], float(odds[0] - rest)) for word, rest in zip(words, odds[1:], strict=True)
    ]


def telling_words(linear: Linear, texts: np.ndarray, *, count: int = MASKED) -> list[str]:
    """Return the single words that contribute most to *space*, summed over the texts that contain them."""
    total: Counter[str] = Counter()
    for text in texts:
        total.update({term: part for term, part in linear.parts(text).items() if " " not in term})
    return [word for word, _ in total.most_common(count)]


def without_words(texts: np.ndarray, words: list[str]) -> np.ndarray:
    """Return texts without these words, in whatever case."""
    chosen = set(words)

    def kept(found: re.Match) -> str:
        return "" if found[0].lower() in chosen else found[0]

    return np.array([" ".join(re.sub(TOKEN, kept, text).split()) or "." for text in texts], dtype=object)


def with_words(texts: np.ndarray, words: list[str]) -> np.ndarray:
    """Return which texts contain one of the words."""
    chosen = set(words)
    return np.array([bool(chosen.intersection(re.findall(TOKEN, text.lower()))) for text in texts])


def _log_odds(chances: np.ndarray) -> np.ndarray:
    clipped = np.clip(chances, 1e-7, 1 - 1e-7)
    return np.log(clipped / (1 - clipped))
