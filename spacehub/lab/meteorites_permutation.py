"""A permutation test: how often two groups would differ at least as much if group membership were random."""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from spacehub.errors import SpaceHubError

STATISTICS = ("median", "mean")
MOST_PERMUTATIONS = 20_000
# The number of random numbers drawn at a time.
_BATCH = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Permutations:
    """The result of a test.

    Parameters
    ----------
    difference : float
        The first group's statistic minus the second group's statistic.
    null : array of float
        The difference for each permutation.
    beyond : int
        How many permutations are at least as extreme, in the smaller tail.
    exact : bool
        Whether these are all permutations; otherwise a random sample of them.
    """

    difference: float
    null: np.ndarray
    beyond: int
    exact: bool

    @property
    def p_value(self) -> float:
        """The two-sided p-value: twice the smaller tail.

        In a sample, the observed difference counts as one permutation: Phipson & Smyth, "Permutation p-values should
        never be zero" (2010).
        """
        extra = 0 if self.exact else 1
        return min(1.0, 2 * (self.beyond + extra) / (len(self.null) + extra))

    @property
    def standard_error(self) -> float:
        """The Monte Carlo standard error of the p-value; 0 for an exact test."""
        tail = self.p_value / 2
        return 0.0 if self.exact else 2 * float(np.sqrt(tail * (1 - tail) / len(self.null)))


def permutation_test(
    first: np.ndarray,
    second: np.ndarray,
    *,
    statistic: str = "median",
    permutations: int = 999,
    seed: int = 0,
) -> Permutations:
    """Test whether two groups differ in their median or mean, by permuting their labels.

    All permutations are tried if there are at most `permutations` of them. Otherwise, that many are drawn at random.

    Parameters
    ----------
    first, second : array of float
        The values of each group.
    statistic : str
        One of `STATISTICS`.
    permutations : int
        At most 20,000.

    Raises
    ------
    SpaceHubError
        If a group has fewer than two values, or a parameter is invalid.
    """
    if min(len(first), len(second)) < 2:
        raise SpaceHubError(
            f"A permutation test needs at least two values per group, but the two groups have {len(first)} and {len(second)} values.",
            "Widen the filters until both groups have enough meteorites.",
        )
    if statistic not in STATISTICS:
        raise SpaceHubError(f"Unknown statistic: {statistic!r}.", f"Choose one of: {', '.join(STATISTICS)}.")
    if not 1 <= permutations <= MOST_PERMUTATIONS:
        raise SpaceHubError(
            f"The number of permutations ({permutations:,}) is out of range.",
            f"Choose a whole number from 1 to {MOST_PERMUTATIONS:,}.",
        )
    values = np.sort(np.concatenate([first, second]))
    # The smaller group is drawn; the other is the rest of the values in order.
    drawn, sign = (len(first), 1) if len(first) <= len(second) else (len(second), -1)
    exact = comb(len(values), drawn) <= permutations
    if exact:
        batches = [np.array(list(combinations(range(len(values)), drawn)))]
    else:
        batches = _draw(len(values), drawn, permutations, np.random.default_rng(seed))
    difference = float(getattr(np, statistic)(first) - getattr(np, statistic)(second))
    of = _median_differences if statistic == "median" else _mean_differences
    null = sign * np.concatenate([of(values, places) for places in batches])
    # Summing the same labels in another order can change the last digit.
    slack = 1e-14 * max(1.0, abs(difference))
    beyond = min((null >= difference - slack).sum(), (null <= difference + slack).sum())
    return Permutations(difference=difference, null=null, beyond=int(beyond), exact=exact)


def _draw(total: int, drawn: int, permutations: int, rng: np.random.Generator):
    """Yield random positions for the drawn group among the sorted values, (some, drawn), with each row sorted."""
    rows = max(1, _BATCH // drawn)
    for start in range(0, permutations, rows):
        count = min(rows, permutations - start)
        places = np.empty((count, drawn), dtype=np.int32)
        for row in places:
            row[:] = rng.choice(total, drawn, replace=False, shuffle=False)
        places.sort(axis=1)
        yield places


def _mean_differences(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    inside, (_, drawn) = values[places].sum(axis=1), places.shape
    return inside / drawn - (values.sum() - inside) / (len(values) - drawn)


def _median_differences(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    drawn = places.shape[1]
    left = len(values) - drawn
    inside = (values[places[:, (drawn - 1) // 2]] + values[places[:, drawn // 2]]) / 2
    # The k-th remaining value comes after k other remaining values, and after each drawn value whose place
    # minus the number of earlier drawn values is at most k.
    before = places - np.arange(drawn)
    outside = [values[k + (before <= k).sum(axis=1)] for k in ((left - 1) // 2, left // 2)]
    return inside - (outside[0] + outside[1]) / 2
