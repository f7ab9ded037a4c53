"""Measure how far a model's inputs and answers have moved from its training data, with counts and one index.

The population stability index (Siddiqi 2006, Credit Risk Scorecards): the sum over bins of (share now - share then) times
ln(share now / share then). Below 0.1 little has changed, above 0.25 much has.
"""

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

BINS = 8
# With fewer answers the index is mostly noise: each bin adds about 1 / n by chance.
FEWEST = 50


@dataclass(frozen=True)
class Reference:
    """The training data's distribution: a number's inner `edges` (k - 1) or a category's `names` (k), and `shares`."""

    shares: tuple[float, ...]
    edges: tuple[float, ...] = ()
    names: tuple[str, ...] = ()

    @classmethod
    def of_numbers(cls, values: Iterable[float]) -> "Reference":
        """Build a reference from a number's values: bins with about equal counts, and one bin for missing values."""
        values = np.asarray(list(values), float)
        known = values[np.isfinite(values)]
        edges = (
            np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else np.array([])
        )
        counts = np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1)
        counts = [*counts, len(values) - len(known)]
        return cls(_shares(counts), edges=tuple(edges.tolist()))

    @classmethod
    def of_names(cls, values: Iterable[str]) -> "Reference":
        """Build a reference from a category's values: one bin each, and one bin for all others."""
        names, counts = np.unique(np.asarray(list(values), str), return_counts=True)
        return cls(_shares([*counts, 0]), names=tuple(names.tolist()))

    @classmethod
    def of_bins(cls, centres: Sequence[float], counts: Sequence[int]) -> "Reference":
        """Build a reference from counts around some centres, in rising order; edges are midway between neighbours."""
        edges = [(centre + other) / 2 for centre, other in itertools.pairwise(centres)]
        return cls(_shares([*counts, 0]), edges=tuple(edges))

    def place(self, value: float | str | None) -> int:
        """Return the bin of a value; the last bin is for missing values and unknown names."""
        if self.names:
            return self.names.index(value) if value in self.names else len(self.shares) - 1
        if value is None or value != value:
            return len(self.shares) - 1
        return bisect_right(self.edges, value)


def index(reference: Reference, counts: Sequence[int]) -> float:
    """Return the population stability index of counts, one per bin, against the training data.

    Half an answer is added to each bin, so that an empty bin does not give infinity.
    """
    found = np.asarray(counts, float)
    now = (found + 0.5) / (found.sum() + 0.5 * len(found))
    then = np.asarray(reference.shares)
    return float(((now - then) * np.log(now / then)).sum())


def _shares(counts: Sequence[int]) -> tuple[float, ...]:
    smoothed = np.asarray(counts, float) + 0.5
    return tuple((smoothed / smoothed.sum()).tolist())
