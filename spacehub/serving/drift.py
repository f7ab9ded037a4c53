"""Measure how far a model's inputs and answers have moved from its training data, with counts and one index.

The population stability index (Siddiqi 2006, Credit Risk Scorecards): the sum over bins of (share now - share then) times
ln(share now / share then). An index below 0.1 means little change, and above 0.25 a large change.
"""

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spacehub.serving import stated

BINS = 8
# With fewer answers, the index is mostly noise; `benchmarks.drift` measures this noise.
FEWEST = 200
# The part of a model's ``results.json`` with its reference, and the limits of what is read from there.
PART = "drift"
MOST_BINS, LARGEST = 64, 10**9


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

    @classmethod
    def of_counts(cls, edges: Sequence[float], counts: Sequence[int]) -> "Reference":
        """Build a reference from inner `edges` (k - 1) and counts (k + 1), the last for missing values."""
        return cls(_shares(counts), edges=tuple(edges))

    def place(self, value: float | str | None) -> int:
        """Return the bin of a value; the last bin is for missing values and unknown names."""
        if self.names:
            return self.names.index(value) if value in self.names else len(self.shares) - 1
        if value is None or value != value:
            return len(self.shares) - 1
        return bisect_right(self.edges, value)


def index(reference: Reference, counts: Sequence[int]) -> float:
    """Return the population stability index of counts, one per bin, against the training data.

    Half an answer per bin is added, in the proportions of the training data. Otherwise, an empty bin would give infinity.
    """
    counted, then = np.asarray(counts, float), np.asarray(reference.shares)
    added = 0.5 * len(counted)
    now = (counted + added * then) / (counted.sum() + added)
    return float(((now - then) * np.log(now / then)).sum())


def count(edges: Mapping[str, Sequence[float]], described: Iterable[Mapping[str, float]]) -> dict[str, dict]:
    """Count training inputs in bins with fixed edges.

    Parameters
    ----------
    edges : dict of str to sequence of float
        The inner edges of each number's bins.
    described : iterable of dict of str to float
        The numbers of each input.

    Returns
    -------
    dict of str to dict
        `PART` of ``results.json``: by name the ``edges`` (k - 1) and ``counts`` (k + 1, the last for missing values).
    """
    places = {name: Reference((0.0,) * (len(inner) + 2), edges=tuple(inner)) for name, inner in edges.items()}
    counts = {name: [0] * len(reference.shares) for name, reference in places.items()}
    for numbers in described:
        for name, reference in places.items():
            counts[name][reference.place(numbers[name])] += 1
    return {name: {"edges": list(inner), "counts": counts[name]} for name, inner in edges.items()}


def published(results: Mapping, names: Iterable[str]) -> dict[str, Reference]:
    """Return the references of the numbers `names` in ``results.json``, without those that it lacks.

    Models of earlier versions lack all of them.

    Raises
    ------
    ValueError
        If a reference is not as `count` writes it.
    """
    part = results.get(PART, {})
    if not isinstance(part, dict):
        raise ValueError(f"{PART} of results.json is not an object.")
    return {name: _reference(name, part[name]) for name in names if name in part}


def _reference(name: str, given: object) -> Reference:
    where = f"{name} in {PART} of results.json"
    edges, counts = (given.get(key) if isinstance(given, dict) else None for key in ("edges", "counts"))
    for edge in stated.listed(edges, f"edges of {where}", MOST_BINS):
        stated.number(edge, f"An edge of {where}", -LARGEST, LARGEST)
    for bin_ in stated.listed(counts, f"counts of {where}", MOST_BINS + 2):
        stated.whole(bin_, f"A count of {where}", 0, LARGEST)
    if edges != sorted(set(edges)):
        raise ValueError(f"The bin edges of {where} are not in ascending order.")
    if len(counts) != len(edges) + 2:
        raise ValueError(f"The bin edges of {where} do not match the counts.")
    if not any(counts):
        raise ValueError(f"All counts of {where} are 0.")
    return Reference.of_counts([float(edge) for edge in edges], counts)


def _shares(counts: Sequence[int]) -> tuple[float, ...]:
    smoothed = np.asarray(counts, float) + 0.5
    return tuple((smoothed / smoothed.sum()).tolist())
