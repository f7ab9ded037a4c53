"""The meteorites that a filter keeps, with their counts, the clusters of falls, and the test."""

from dataclasses import dataclass

import numpy as np

from spacehub.lab.meteorites import GROUPS, Filter, Meteorites, select
from spacehub.lab.meteorites_clusters import Cluster, dbscan, describe
from spacehub.lab.meteorites_permutation import Permutations, permutation_test
from spacehub.lab.meteorites_summary import Summary, summarise


@dataclass(frozen=True, kw_only=True)
class Look:
    """The meteorites that a filter keeps, and the results for them.

    Parameters
    ----------
    kept : Meteorites
        All meteorites that are kept.
    falls : Meteorites
        Those with an observed fall at a trustworthy position.
    labels : array of int
        The cluster of each of `falls`, or -1.
    clusters : list of Cluster
        By label.
    groups : list of (str, int)
        The most common group in each cluster, and how many falls of the cluster are in this group.
    test : Permutations or None
        The test of the difference in log10 of the mass between observed falls and finds. It is None if either kind is
        missing; `no_test` then gives the reason.
    """

    kept: Meteorites
    summary: Summary
    falls: Meteorites
    labels: np.ndarray
    clusters: list[Cluster]
    groups: list[tuple[str, int]]
    test: Permutations | None
    no_test: str


def look(
    meteorites: Meteorites,
    wanted: Filter,
    *,
    radius_km: float = 200,
    least: int = 10,
    statistic: str = "median",
    permutations: int = 999,
) -> Look:
    """Filter the meteorites, count them, cluster their falls and test their masses.

    Parameters
    ----------
    radius_km, least
        Parameters of `dbscan`.
    statistic, permutations
        Parameters of `permutation_test`.

    Raises
    ------
    SpaceHubError
        If nothing is left, or a parameter is invalid.
    """
    kept = meteorites[select(meteorites, wanted)]
    falls = kept[kept.fell & kept.placed & ~kept.misplaced]
    labels = dbscan(falls.latitude, falls.longitude, radius_km=radius_km, least=least)
    clusters = describe(falls.latitude, falls.longitude, labels)
    logs, weighed = np.log10(kept.mass_g), np.isfinite(kept.mass_g)
    sides = logs[weighed & kept.fell], logs[weighed & ~kept.fell]
    test, no_test = None, ""
    if min(map(len, sides)) < 2:
        no_test = (
            "A permutation test needs at least two falls and two finds with a known mass. The selection has "
            f"{_counted(len(sides[0]), 'fall')} and {_counted(len(sides[1]), 'find')} with a known mass."
        )
    else:
        test = permutation_test(*sides, statistic=statistic, permutations=permutations)
    return Look(
        kept=kept,
        summary=summarise(kept),
        falls=falls,
        labels=labels,
        clusters=clusters,
        groups=[_commonest(falls.group[labels == label]) for label in range(len(clusters))],
        test=test,
        no_test=no_test,
    )


def _counted(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _commonest(groups: np.ndarray) -> tuple[str, int]:
    counts = np.bincount(groups, minlength=len(GROUPS))
    return GROUPS[counts.argmax()], int(counts.max())
