"""The texts of the experiment Meteorites."""

import math
from collections.abc import Mapping

from space_app.lab import provenance as shared
from space_app.watch import Status
from space_app.words import esc
from spacehub.lab.meteorites_look import Look
from spacehub.lab.meteorites_permutation import Permutations

LISTED = 12


def grams(mass: float) -> str:
    """Write a mass in g, kg or t with three digits.

    >>> [grams(mass) for mass in (0.15, 30.54, 2800, 6e7)]
    ['0.15 g', '30.5 g', '2.8 kg', '60 t']
    """
    for unit, size in ("t", 1e6), ("kg", 1e3), ("g", 1.0):
        if mass >= size or unit == "g":
            return f"{mass / size:.3g} {unit}"
    raise AssertionError


def provenance(status: Status) -> str:
    """Return which data is shown, loudly when it is simulated."""
    return shared.provenance(
        status,
        simulated="These meteorites were generated, because the real list could not be had. None of them fell.",
    )


def numbers(found: Look) -> Mapping[str, str]:
    """Return the numbers next to the figures."""
    summary, test = found.summary, found.test
    listed = {
        "Meteorites left": f"{len(found.kept):,}",
        "of them on the map": f"{summary.placed:,}",
        "seen to fall": f"{summary.counts[0]:,}",
        "found": f"{summary.counts[1]:,}",
        "without a mass": f"{summary.without_mass:,}",
        "without a year": f"{summary.without_year:,}",
    }
    for name, median in zip(("seen to fall", "found"), summary.median_g, strict=True):
        if not math.isnan(median):
            listed[f"median mass, {name}"] = grams(median)
    listed["clusters of falls"] = f"{len(found.clusters):,}"
    if test:
        listed["p-value"] = p_value(test)
    return listed


def p_value(test: Permutations) -> str:
    """Write a p-value with its Monte Carlo error."""
    return f"{test.p_value:.2g}" if test.exact else f"{test.p_value:.2g} ± {test.standard_error:.1g}"


def answer(found: Look, status: Status) -> str:
    """Answer the bench's question with a number."""
    lead = "Simulated: " if status.simulated else ""
    fell, other = found.summary.median_g
    if found.test is None:
        return f"{lead}{len(found.kept):,} meteorites are left. {found.no_test}"
    if fell >= other:
        said = f"{fell / other:,.3g} times as heavy in the median: {grams(fell)} seen to fall, {grams(other)} found."
    else:
        said = f"It is the lighter, {other / fell:,.3g} times in the median: {grams(fell)} against {grams(other)}."
    beyond, total = found.test.beyond, len(found.test.null)
    none = "none" if beyond == 0 else f"{beyond:,}"
    return (
        f"{lead}{said} Of {total:,} deals of the two labels by chance {none} put them as far apart: "
        f"p = {p_value(found.test)}."
    )


def explained(found: Look) -> str:
    """Explain the p-value in plain words; nothing where there is no test."""
    test = found.test
    if test is None:
        return ""
    total, beyond = len(test.null), test.beyond
    how_many = "None of them lay" if beyond == 0 else f"{beyond:,} lay"
    dealt = f"all {total:,} ways that there are" if test.exact else f"{total:,} random ways"
    error = (
        "All ways were tried, so it has no error."
        if test.exact
        else f"It was estimated from a sample: another {total:,} would give about {test.standard_error:.1g} more or less, "
        "and no sample can show it smaller than two in one more than their number."
    )
    return (
        "<details><summary>What does the p-value say?</summary>"
        "<p>Suppose that mass had nothing to do with whether a meteorite was seen to fall. Then the two labels could be permuted "
        f"among these masses. That was done in {dealt}. {how_many} as far out, on its side, as the real difference of "
        f"{esc(f'{test.difference:+.2f}')} in log10 of the mass ({esc(f'{10**test.difference:.3g}')} times). Twice that "
        f"share, for the two sides, is p = {esc(p_value(test))}. {error}</p>"
        "<p>It says that there is a difference, not why: of a fall people look for the large pieces, on the ice for "
        "each splinter.</p></details>"
    )


def clusters(found: Look) -> str:
    """List the clusters of falls, the largest first."""
    if not found.clusters:
        return "<p>There are no clusters of falls of this density. Try a larger radius or fewer falls.</p>"
    order = sorted(range(len(found.clusters)), key=lambda label: -found.clusters[label].points)
    rows = ""
    for label in order[:LISTED]:
        cluster, (group, count) = found.clusters[label], found.groups[label]
        place = f"{_degrees(cluster.latitude, 'N', 'S')}, {_degrees(cluster.longitude, 'E', 'W')}"
        rows += (
            f"<tr><td>{label + 1}</td><td>{cluster.points:,}</td><td>{esc(place)}</td>"
            f"<td>{cluster.reach_km:,.0f}&nbsp;km</td><td>{esc(group)} ({count})</td></tr>"
        )
    more = f"<p>… and {len(order) - LISTED:,} more.</p>" if len(order) > LISTED else ""
    return (
        f"<details><summary>The {len(order):,} clusters of falls</summary><p>They show where many people live and look up, not where more falls.</p>"
        "<table><thead><tr><th></th><th>Falls</th><th>Middle</th><th>Reach</th><th>Commonest</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>{more}</details>"
    )


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):.0f}° {positive if value >= 0 else negative}"


def cleaning_numbers(rows: int, lacking: Mapping[str, int]) -> Mapping[str, str]:
    """Return what the rows lack."""
    return {"Rows": f"{rows:,}"} | {name: f"{count:,}" for name, count in lacking.items()}


def cleaning_answer(rows: int, lacking: Mapping[str, int], status: Status) -> str:
    """Answer with the number of rows that are not whole."""
    lead = "Simulated: " if status.simulated else ""
    wanting = rows - lacking["whole"]
    return (
        f"{lead}{wanting:,} of {rows:,} rows ({100 * wanting / rows:.0f} %) lack a mass, a year or a place on Earth that can "
        f"be trusted; {lacking['whole']:,} have them all."
    )
