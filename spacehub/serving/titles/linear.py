"""TF-IDF with logistic regression, read from ``linear/model.json``: words and pairs of words, each with a weight."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from spacehub.serving import stated

# scikit-learn's own rule. No other rule is compiled, because an untrusted rule could run for ever.
TOKEN = r"(?u)\b\w\w+\b"
LARGEST = 1e6
BOUNDS = {"intercept": (-LARGEST, LARGEST), "temperature": (1e-6, LARGEST), "threshold": (0, 1)}


@dataclass(frozen=True)
class Linear:
    """The published logistic regression: `terms` has each term's inverse document frequency and coefficient."""

    terms: dict[str, tuple[float, float]]
    token: re.Pattern
    intercept: float
    temperature: float
    threshold: float

    @classmethod
    def read(cls, path: Path) -> "Linear":
        """Read the file.

        Raises
        ------
        OSError, ValueError, KeyError
            If the file does not exist or is not as expected.
        """
        facts = json.loads(path.read_text(encoding="utf-8"))
        if facts["token"] != TOKEN:
            raise ValueError(f"The token pattern in {path.name} must be {TOKEN}.")
        numbers = (stated.number(facts[name], name, *BOUNDS[name]) for name in BOUNDS)
        terms = {
            term: (
                stated.number(idf, f"The inverse document frequency of {term[:80]}", 0, LARGEST),
                stated.number(weight, f"The weight of {term[:80]}", -LARGEST, LARGEST),
            )
            for term, (idf, weight) in facts["terms"].items()
        }
        return cls(terms, re.compile(TOKEN), *numbers)

    def parts(self, text: str) -> dict[str, float]:
        """Return how much each known term of a text adds to the log odds of *space*.

        Weights are those of scikit-learn's ``TfidfVectorizer`` with ``sublinear_tf``: (1 + ln n) times the inverse document
        frequency, scaled to a vector of length 1.
        """
        words = self.words(text)
        counts = Counter([*words, *map(" ".join, pairwise(words))])
        weights = {
            term: (1 + math.log(n)) * self.terms[term][0] for term, n in counts.items() if term in self.terms
        }
        length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        return {
            term: weight / length * self.terms[term][1] / self.temperature for term, weight in weights.items()
        }

    def words(self, text: str) -> list[str]:
        """Return the words of a text as the model splits it: at least two letters or digits, in lower case."""
        return self.token.findall(text.lower())

    def chances(self, texts: Iterable[str]) -> np.ndarray:
        """Return the probability of *space* of each text."""
        known = self.intercept / self.temperature
        return 1 / (1 + np.exp(-np.array([known + sum(self.parts(text).values()) for text in texts])))
