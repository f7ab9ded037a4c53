"""The endpoints of the experiment Meteorites: what its filters leave, and what was cleaned."""

from collections.abc import Callable, Sequence
from typing import TypedDict

import numpy as np

from space_app.lab.cleaning import Trap
from space_app.lab.provenance import Source, source
from space_app.watch import Status, Watch
from spacehub.lab.meteorites import GROUPS, Filter
from spacehub.lab.meteorites_look import Look, look
from spacehub.lab.meteorites_summary import MASS_EDGES, completeness

KEY = "meteorite-landings"


class FallCluster(TypedDict):
    """Falls close together: their middle in degrees, the farthest of them from it, and their commonest group."""

    falls: int
    latitude: float
    longitude: float
    reach_km: float
    commonest_group: str
    of_commonest_group: int


class MassTest(TypedDict):
    """How far the log10 of the mass differs between seen to fall and found, and how often chance does as much."""

    difference_log10: float
    ratio: float
    p_value: float
    standard_error: float
    relabellings: int
    as_far_out: int
    exact: bool


class Meteorites(TypedDict):
    """What a filter leaves. Each pair and each of two lists: seen to fall, then found."""

    fell: int
    found: int
    placed: int
    without_mass: int
    without_year: int
    median_g: tuple[float | None, float | None]
    mass_edges_g: list[float]
    masses: list[list[int]]
    decades: list[int]
    by_decade: list[list[int]]
    groups: list[str]
    by_group: list[list[int]]
    clusters: list[FallCluster]
    falls_in_no_cluster: int
    test: MassTest | None
    no_test: str
    source: Source


class Cleaning(TypedDict):
    """The cleaning report: rows, what they lack, and every trap."""

    rows: int
    lacking: dict[str, int]
    traps: list[Trap]
    source: Source


def endpoints(watch: Watch) -> Sequence[Callable]:
    """Return the endpoints over the newest meteorites that `watch` has pulled."""

    def lab_meteorites(
        year_from: int | None = None,
        year_to: int | None = None,
        mass_from_g: float | None = None,
        mass_to_g: float | None = None,
        fall: str = "",
        groups: list[str] | None = None,
        radius_km: float = 200,
        least_falls: int = 10,
        statistic: str = "median",
        relabellings: int = 999,
    ) -> Meteorites:
        """Tell what a filter leaves of the named meteorites: counts, masses, decades, groups, clusters and a test.

        A range that is given leaves out those whose year or mass is not known. The clusters are DBSCAN's over
        great-circle distances between falls. The test deals out the labels seen to fall and found anew.

        Parameters
        ----------
        year_from : int, optional
            First year of fall or find.
        year_to : int, optional
            Last year of fall or find.
        mass_from_g : float, optional
            The lightest mass, in grams.
        mass_to_g : float, optional
            The heaviest mass, in grams.
        fall : str
            Fell, Found, or empty for both.
        groups : list of str, optional
            Groups of classes, such as H, Iron or Martian; none for all.
        radius_km : float
            How near another fall must be to count for a cluster, in km.
        least_falls : int
            How many falls within the radius, itself among them, make a core of a cluster.
        statistic : str
            median or mean, of the log10 of the mass.
        relabellings : int
            How many random relabellings, at most 20,000.
        """
        status = watch.ready(KEY)
        wanted = Filter(
            year_from=year_from,
            year_to=year_to,
            mass_from_g=mass_from_g,
            mass_to_g=mass_to_g,
            fall=fall,
            groups=tuple(groups or ()),
        )
        found = look(
            status.served,
            wanted,
            radius_km=radius_km,
            least=least_falls,
            statistic=statistic,
            permutations=relabellings,
        )
        return _answer(found, status)

    def lab_meteorites_cleaning() -> Cleaning:
        """Tell how the meteorites' source was cleaned: every trap in it, with the number of rows that it touches."""
        status = watch.ready(KEY)
        return Cleaning(
            rows=len(status.served),
            lacking=completeness(status.served),
            traps=[Trap(**trap) for trap in status.facts["traps"]],
            source=source(status),
        )

    return [lab_meteorites, lab_meteorites_cleaning]


def _answer(found: Look, status: Status) -> Meteorites:
    summary, test = found.summary, found.test
    return Meteorites(
        fell=summary.counts[0],
        found=summary.counts[1],
        placed=summary.placed,
        without_mass=summary.without_mass,
        without_year=summary.without_year,
        median_g=tuple(None if np.isnan(median) else median for median in summary.median_g),
        mass_edges_g=MASS_EDGES.tolist(),
        masses=summary.masses.tolist(),
        decades=summary.decades.tolist(),
        by_decade=summary.by_decade.tolist(),
        groups=list(GROUPS),
        by_group=summary.by_group.tolist(),
        clusters=[
            FallCluster(
                falls=cluster.points,
                latitude=cluster.latitude,
                longitude=cluster.longitude,
                reach_km=cluster.reach_km,
                commonest_group=group,
                of_commonest_group=count,
            )
            for cluster, (group, count) in zip(found.clusters, found.groups, strict=True)
        ],
        falls_in_no_cluster=int((found.labels < 0).sum()),
        test=test
        and MassTest(
            difference_log10=test.difference,
            ratio=10**test.difference,
            p_value=test.p_value,
            standard_error=test.standard_error,
            relabellings=len(test.null),
            as_far_out=test.beyond,
            exact=test.exact,
        ),
        no_test=found.no_test,
        source=source(status),
    )
