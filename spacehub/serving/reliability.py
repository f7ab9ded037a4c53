"""Measure how reliable a predicted probability is: the outcomes of held-out flights with a similar probability."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spacehub.serving import stated
from spacehub.serving.words import percent_span

FEWEST = 10
MOST_BINS, LARGEST = 1_000, 10**9
WINDOWS = (0.025, 0.05, 0.1, 0.15)
# The static Space's script also fills in these templates.
SENTENCES = {
    "none": "No held-out flight had a similar probability, so the reliability of this probability is unknown.",
    "one_landed": "The only held-out flight with a probability of {span} landed (95 % confidence interval {interval}).",
    "one_lost": "The only held-out flight with a probability of {span} did not land (95 % confidence interval {interval}).",
    "several": "Of {n} held-out flights with a probability of {span}, {landed} landed (95 % confidence interval {interval}).",
    "few": "There are too few flights with a similar probability for a reliable estimate.",
}


def wilson(hits: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion (Wilson 1927), 95 % by default."""
    if n == 0:
        return 0.0, 1.0
    share = hits / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = float(centre - half), float(centre + half)
    return (low if hits else 0.0), (high if hits < n else 1.0)


def bins(results: Mapping) -> list[dict[str, float]]:
    """Return the bins of the part ``reliability`` of ``results.json``: counts ``n``, and shares from 0 to 1.

    Raises
    ------
    ValueError
        If a count or a share is not valid.
    KeyError, TypeError
        If a part is missing.
    """
    listed = stated.listed(results["reliability"]["bins"], "The reliability data of the model", MOST_BINS)
    for bin_ in listed:
        for name, value in bin_.items():
            what = f"{name} in the reliability data of the model"
            if name == "n":
                stated.whole(value, what, 1, LARGEST)
            else:
                stated.number(value, what, 0, 1)
    return listed


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """The outcomes of `n` held-out flights with a predicted probability between `lowest` and `highest`.

    `low` and `high` are the 95 % Wilson interval of the share that landed.
    """

    lowest: float
    highest: float
    n: int
    landed: int
    low: float
    high: float

    @property
    def sentence(self) -> str:
        """The reliability in words."""
        if self.n == 0:
            return SENTENCES["none"]
        kind = "several" if self.n > 1 else "one_landed" if self.landed else "one_lost"
        sentence = SENTENCES[kind].format(
            n=self.n,
            landed=self.landed,
            span=percent_span(self.lowest, self.highest),
            interval=percent_span(self.low, self.high),
        )
        return f"{sentence} {SENTENCES['few']}" if 1 < self.n < FEWEST else sentence


def reliability(chance: float, chances: np.ndarray, landed: np.ndarray) -> Reliability:
    """Look up the outcomes of flights with a similar out-of-sample probability.

    Parameters
    ----------
    chance : float
        The prediction, 0 to 1.
    chances, landed : numpy.ndarray
        Out-of-sample predictions and outcomes, shape (N,). Flights within 0.025 of `chance` count; if
        these are fewer than 10, those within 0.05, 0.1 and at most 0.15.
    """
    for window in WINDOWS:
        near = np.abs(chances - chance) <= window
        if near.sum() >= FEWEST:
            break
    n, hits = int(near.sum()), int(landed[near].sum())
    low, high = wilson(hits, n)
    span = chances[near] if n else np.array([chance])
    return Reliability(
        lowest=float(span.min()), highest=float(span.max()), n=n, landed=hits, low=low, high=high
    )
