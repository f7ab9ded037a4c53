"""Endpoints of the Meteorites experiment: the filtered meteorites and the cleaning report."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.cleaning import Trap
from space_app.lab.provenance import Source, source
from space_app.parameters import Choice, Choices, Number, integer
from space_app.served.meteorites import KEY
from space_app.watch import Status, Watch
from spacehub.lab.meteorites import FALLS, GROUPS, Filter
from spacehub.lab.meteorites_look import Look, look
from spacehub.lab.meteorites_permutation import STATISTICS
from spacehub.lab.meteorites_summary import MASS_EDGES, completeness

FALL = {"": "Both", FALLS[0]: "Seen to fall", FALLS[1]: FALLS[1]}

Year = Annotated[int, integer(0, 2100, label="Year")]
Mass = Annotated[float, Number(1e-3, 1e9, label="Mass", unit="g")]


class FallCluster(TypedDict):
    """A cluster of falls: its centre in degrees, the largest distance from the centre, and the most common group."""

    falls: int
    latitude: float
    longitude: float
    reach_km: float
    commonest_group: str
    of_commonest_group: int


class MassTest(TypedDict):
    """The difference in log10 mass between falls and finds, and how often chance gives a difference at least as large."""

    difference_log10: float
    ratio: float
    p_value: float
    standard_error: float
    relabellings: int
    as_far_out: int
    exact: bool


class Meteorites(TypedDict):
    """The filtered meteorites. In each pair of values or lists, falls come first, then finds."""

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
    """The cleaning report: the number of rows, the number of missing values, and every defect."""

    rows: int
    lacking: dict[str, int]
    traps: list[Trap]
    source: Source


def lab_meteorites(
    watch: Watch,
    year_from: Year | None = None,
    year_to: Year | None = None,
    mass_from_g: Mass | None = None,
    mass_to_g: Mass | None = None,
    fall: Annotated[str, Choice(FALL, label="Falls or finds")] = "",
    groups: Annotated[
        list[str] | None,
        Choices(
            list(GROUPS),
            fewest=0,
            listed=True,
            label="Groups",
            help="If you don't choose a group, all groups are included.",
        ),
    ] = None,
    radius_km: Annotated[
        float, Number(50, 1000, step=10, label="Clusters of falls: radius", unit="km")
    ] = 200,
    least_falls: Annotated[
        int,
        integer(
            2,
            40,
            step=1,
            label="Clusters of falls: minimum size",
            help="The minimum number of falls within the radius, including the fall itself.",
        ),
    ] = 10,
    statistic: Annotated[str, Choice(list(STATISTICS), label="Test: statistic (log10 mass)")] = STATISTICS[0],
    relabellings: Annotated[int, integer(99, 4999, step=100, label="Test: permutations")] = 999,
) -> Meteorites:
    """Return statistics of the filtered meteorites: counts, masses, decades, groups, clusters and a test.

    If you set a range, meteorites whose year or mass is unknown are left out. DBSCAN finds the clusters from the
    great-circle distances between falls. The test permutes the labels *seen to fall* and *found*.
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
    kept = look(
        status.served,
        wanted,
        radius_km=radius_km,
        least=least_falls,
        statistic=statistic,
        permutations=relabellings,
    )
    return _answer(kept, status)


def lab_meteorites_cleaning(watch: Watch) -> Cleaning:
    """Return a summary of how the meteorite source was cleaned: each defect, with the number of affected rows."""
    status = watch.ready(KEY)
    return Cleaning(
        rows=len(status.served),
        lacking=completeness(status.served),
        traps=[Trap(**trap) for trap in status.facts["traps"]],
        source=source(status),
    )


def _answer(kept: Look, status: Status) -> Meteorites:
    summary, test = kept.summary, kept.test
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
            for cluster, (group, count) in zip(kept.clusters, kept.groups, strict=True)
        ],
        falls_in_no_cluster=int((kept.labels < 0).sum()),
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
        no_test=kept.no_test,
        source=source(status),
    )
