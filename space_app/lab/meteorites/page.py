"""The Meteorites experiment: filters that update every figure, clusters of falls, a test, and a cleaning report."""

from typing import Annotated

from space_app.lab.cleaning import traps_figure, traps_table
from space_app.lab.frame import Bench, View
from space_app.lab.meteorites import api, words
from space_app.parameters import Number, integer
from space_app.served.meteorites import KEY
from space_app.watch import Watch
from spacehub.lab import meteorites as lab
from spacehub.lab.meteorites_look import look
from spacehub.lab.meteorites_permutation import permutation_test
from spacehub.lab.meteorites_summary import completeness

# The ends of the sliders, where a range is open. Masses are powers of ten in grams.
FIRST_YEAR, LAST_YEAR = 860, 2013
LIGHTEST, HEAVIEST = -2.0, 8.0


def _filter(
    year_from: float, year_to: float, lightest: float, heaviest: float, fall: str, groups: list[str] | None
) -> lab.Filter:
    return lab.Filter(
        year_from=year_from if year_from > FIRST_YEAR else None,
        year_to=year_to if year_to < LAST_YEAR else None,
        mass_from_g=10**lightest if lightest > LIGHTEST else None,
        mass_to_g=10**heaviest if heaviest < HEAVIEST else None,
        fall=fall,
        groups=tuple(groups or ()),
    )


def view(
    watch: Watch,
    *,
    year_from: Annotated[
        int,
        integer(
            FIRST_YEAR,
            LAST_YEAR,
            step=1,
            label="From year",
            help="If you select the full range, meteorites without a year are also included.",
        ),
    ] = FIRST_YEAR,
    year_to: Annotated[int, integer(FIRST_YEAR, LAST_YEAR, step=1, label="To year")] = LAST_YEAR,
    lightest: Annotated[
        float,
        Number(
            LIGHTEST,
            HEAVIEST,
            step=0.25,
            label="Lightest (log10 of grams)",
            help="For example, 3 means 10³ g (1 kg), and 6 means 10⁶ g (1 tonne).",
        ),
    ] = LIGHTEST,
    heaviest: Annotated[
        float, Number(LIGHTEST, HEAVIEST, step=0.25, label="Heaviest (log10 of grams)")
    ] = HEAVIEST,
    fall: str,
    groups: list[str] | None,
    radius_km: float,
    least_falls: int,
    statistic: str,
    relabellings: int,
) -> View:
    """Show the filtered meteorites: map, masses, decades, groups, clusters and the test."""
    from space_app.lab.meteorites import figures

    status = watch.ready(KEY)
    wanted = _filter(year_from, year_to, lightest, heaviest, fall, groups)
    selection = look(
        status.served,
        wanted,
        radius_km=radius_km,
        least=least_falls,
        statistic=statistic,
        permutations=relabellings,
    )
    return View(
        figures=[
            figures.world(selection.kept),
            figures.masses(selection.summary),
            figures.mass_by_year(selection.kept),
            figures.decades(selection.summary),
            figures.groups(selection.summary),
            figures.clusters(selection.falls, selection.labels, selection.clusters),
            figures.relabelled(selection.test, selection.no_test),
        ],
        numbers=words.numbers(selection),
        answer=words.answer(selection, status),
        source=permutation_test,
        extra=words.provenance(status) + words.clusters(selection) + words.explained(selection),
    )


def cleaning_view(watch: Watch) -> View:
    """Show the defects of the source."""
    status = watch.ready(KEY)
    rows, lacking = len(status.served), completeness(status.served)
    return View(
        figures=[traps_figure(status.facts["traps"])],
        numbers=words.cleaning_numbers(rows, lacking),
        answer=words.cleaning_answer(rows, lacking, status),
        source=completeness,
        extra=words.provenance(status) + traps_table(status.facts["traps"]),
    )


METEORITES = Bench(
    key="meteorites",
    question="How much heavier is a meteorite that was seen to fall than one that was found?",
    words="Changing a filter updates all figures. You can drag the map to move it and scroll to zoom. Double-click to see the whole map again.",
    endpoint=api.lab_meteorites,
    view=view,
    figures=7,
)

CLEANING = Bench(
    key="meteorites-cleaning",
    question="How many rows of the source have a missing or wrong value?",
    words="The list shows each defect in the source, with the number of affected rows and how the defect was "
    "handled. No row was dropped.",
    endpoint=api.lab_meteorites_cleaning,
    view=cleaning_view,
)
