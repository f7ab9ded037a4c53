"""Sentences and numbers shown next to the figures of the Meteorites experiment."""

import math
from collections.abc import Mapping

from space_app.html import render
from space_app.lab import provenance as shared
from space_app.watch import Status
from spacehub.lab.meteorites_look import Look
from spacehub.lab.meteorites_permutation import Permutations

LISTED = 12


def grams(mass: float) -> str:
    """Format a mass in g, kg or t with three significant digits.

    >>> [grams(mass) for mass in (0.15, 30.54, 2800, 6e7)]
    ['0.15 g', '30.5 g', '2.8 kg', '60 t']
    """
    for unit, size in ("t", 1e6), ("kg", 1e3), ("g", 1.0):
        if mass >= size or unit == "g":
            return f"{mass / size:.3g} {unit}"
    raise AssertionError


def provenance(status: Status) -> str:
    """Return a note on the origin of the data, with a warning if the data are simulated."""
    return shared.provenance(
        status,
        simulated="These meteorites are simulated, because the real list was not available. None of these "
        "meteorites exists.",
    )


def numbers(selection: Look) -> Mapping[str, str]:
    """Return the numbers shown next to the figures."""
    summary, test = selection.summary, selection.test
    listed = {
        "Meteorites left": f"{len(selection.kept):,}",
        "on the map": f"{summary.placed:,}",
        "seen to fall": f"{summary.counts[0]:,}",
        "found": f"{summary.counts[1]:,}",
        "without a mass": f"{summary.without_mass:,}",
        "without a year": f"{summary.without_year:,}",
    }
    for name, median in zip(("seen to fall", "found"), summary.median_g, strict=True):
        if not math.isnan(median):
            listed[f"median mass, {name}"] = grams(median)
    listed["clusters of falls"] = f"{len(selection.clusters):,}"
    if test:
        listed["p-value"] = p_value(test)
    return listed


def p_value(test: Permutations) -> str:
    """Format a p-value with its Monte Carlo error."""
    return f"{test.p_value:.2g}" if test.exact else f"{test.p_value:.2g} ± {test.standard_error:.1g}"


def answer(selection: Look, status: Status) -> str:
    """Answer the bench's question with a number."""
    lead = "Simulated: " if status.simulated else ""
    fell, other = selection.summary.median_g
    if selection.test is None:
        return f"{lead}{len(selection.kept):,} meteorites are left. {selection.no_test}"
    if fell >= other:
        ratio = f"The median mass of falls is {fell / other:,.3g} times that of finds ({grams(fell)} versus {grams(other)})."
    else:
        ratio = f"The median mass of finds is {other / fell:,.3g} times that of falls ({grams(other)} versus {grams(fell)})."
    beyond = f"{selection.test.beyond:,}" if selection.test.beyond else "None"
    kind = "possible" if selection.test.exact else "random"
    return (
        f"{lead}{ratio} {beyond} of {len(selection.test.null):,} {kind} permutations gave a difference this large "
        f"(p = {p_value(selection.test)})."
    )


def explained(selection: Look) -> str:
    """Explain the p-value in plain words, or return an empty string if there is no test."""
    test = selection.test
    if test is None:
        return ""
    return render(
        "lab/meteorites/explained.html",
        test=test,
        total=f"{len(test.null):,}",
        beyond=f"{test.beyond:,}",
        difference=f"{test.difference:+.2f}",
        factor=f"{10**test.difference:.3g}",
        p_value=p_value(test),
        error=f"{test.standard_error:.1g}",
    )


def clusters(selection: Look) -> str:
    """List the clusters of falls, largest first."""
    order = sorted(range(len(selection.clusters)), key=lambda label: -selection.clusters[label].points)
    more = len(order) - LISTED
    return render(
        "lab/meteorites/clusters.html",
        count=f"{len(order):,}",
        clusters=[_cluster(selection, label) for label in order[:LISTED]],
        more=f"{more:,}" if more > 0 else "",
    )


def _cluster(selection: Look, label: int) -> dict[str, str]:
    cluster, (group, count) = selection.clusters[label], selection.groups[label]
    return {
        "number": f"{label + 1}",
        "falls": f"{cluster.points:,}",
        "place": f"{_degrees(cluster.latitude, 'N', 'S')}, {_degrees(cluster.longitude, 'E', 'W')}",
        "reach": f"{cluster.reach_km:,.0f}",
        "group": f"{group} ({count})",
    }


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):.0f}° {positive if value >= 0 else negative}"


def cleaning_numbers(rows: int, lacking: Mapping[str, int]) -> Mapping[str, str]:
    """Return the number of rows that lack each value."""
    return {"Rows": f"{rows:,}"} | {name: f"{count:,}" for name, count in lacking.items()}


def cleaning_answer(rows: int, lacking: Mapping[str, int], status: Status) -> str:
    """Answer with the number of incomplete rows."""
    lead = "Simulated: " if status.simulated else ""
    incomplete = rows - lacking["whole"]
    return (
        f"{lead}{incomplete:,} of {rows:,} rows ({100 * incomplete / rows:.0f} %) lack a reliable mass, year or "
        f"place on Earth. {lacking['whole']:,} rows have all three values."
    )
