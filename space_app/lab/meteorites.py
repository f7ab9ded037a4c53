"""The experiment Meteorites: filters that drive every figure, clusters of falls, a test; and what was cleaned."""

from collections.abc import Callable, Sequence

import gradio as gr

from space_app.lab import meteorites_api as api
from space_app.lab import meteorites_words as words
from space_app.lab.cleaning import traps_figure, traps_table
from space_app.lab.frame import Bench, Experiment, View
from space_app.watch import Served, Watch
from spacehub.lab import meteorites as lab
from spacehub.lab.meteorites_look import look
from spacehub.lab.meteorites_permutation import STATISTICS, permutation_test
from spacehub.lab.meteorites_summary import completeness

KEY = api.KEY
FILE = "meteorites.csv"
SERVED = Served(files=[FILE], load=lambda folder: lab.read(folder / FILE))

# The sliders' ends, at which a range is open. The masses are powers of ten of a gram.
FIRST_YEAR, LAST_YEAR = 860, 2013
LIGHTEST, HEAVIEST = -2.0, 8.0
BOTH = "Both"


def experiment(watch: Watch) -> Experiment:
    """Return the experiment over the newest meteorites that `watch` has pulled."""
    return Experiment(
        key="meteorites",
        title="Meteorites",
        week=2,
        benches=[
            Bench(
                key="meteorites",
                question="How much heavier is a meteorite that was seen to fall than one that was found?",
                words="Every filter drives every figure. Drag the map to move it, turn the wheel over it to zoom, "
                "double-click to see all of it again.",
                controls=_controls,
                show=_show(watch),
                figures=7,
            ),
            Bench(
                key="meteorites-cleaning",
                question="How many rows of the source lack something or have it wrong?",
                words="Before anything is counted: each trap of the source, with the number of rows that it touches "
                "and what was done. No row was dropped.",
                controls=lambda: [],
                show=_show_cleaning(watch),
            ),
        ],
        endpoints=api.endpoints(watch),
    )


def _controls() -> Sequence[gr.components.Component]:
    years = {"minimum": FIRST_YEAR, "maximum": LAST_YEAR, "step": 1}
    masses = {"minimum": LIGHTEST, "maximum": HEAVIEST, "step": 0.25}
    return [
        gr.Slider(
            label="From year",
            value=FIRST_YEAR,
            info="Over the whole range, those without a year count too.",
            **years,
        ),
        gr.Slider(label="To year", value=LAST_YEAR, **years),
        gr.Slider(
            label="Lightest, as a power of ten of a gram",
            value=LIGHTEST,
            info="3 is a kilogram, 6 a tonne.",
            **masses,
        ),
        gr.Slider(label="Heaviest, as a power of ten of a gram", value=HEAVIEST, **masses),
        gr.Radio(
            [BOTH, ("Seen to fall", lab.FALLS[0]), lab.FALLS[1]], value=BOTH, label="Seen to fall or found"
        ),
        gr.Dropdown(
            list(lab.GROUPS), value=[], multiselect=True, label="Groups", info="None chosen are all."
        ),
        gr.Slider(50, 1000, 200, step=10, label="Clusters of falls: radius, km"),
        gr.Slider(
            2,
            40,
            10,
            step=1,
            label="Clusters of falls: least falls within it",
            info="The fall itself counts.",
        ),
        gr.Radio(list(STATISTICS), value=STATISTICS[0], label="Test: what is compared of the masses"),
        gr.Slider(99, 4999, 999, step=100, label="Test: relabellings"),
    ]


def _filter(
    year_from: float, year_to: float, lightest: float, heaviest: float, fall: str, groups: list[str] | None
) -> lab.Filter:
    return lab.Filter(
        year_from=int(year_from) if year_from > FIRST_YEAR else None,
        year_to=int(year_to) if year_to < LAST_YEAR else None,
        mass_from_g=10**lightest if lightest > LIGHTEST else None,
        mass_to_g=10**heaviest if heaviest < HEAVIEST else None,
        fall="" if fall == BOTH else fall,
        groups=tuple(groups or ()),
    )


def _show(watch: Watch) -> Callable[..., View]:
    def show(
        year_from, year_to, lightest, heaviest, fall, groups, radius_km, least, statistic, relabellings
    ) -> View:
        from space_app.lab import meteorites_figures as figures

        status = watch.ready(KEY)
        wanted = _filter(year_from, year_to, lightest, heaviest, fall, groups)
        found = look(
            status.served,
            wanted,
            radius_km=radius_km,
            least=int(least),
            statistic=statistic,
            permutations=int(relabellings),
        )
        return View(
            figures=[
                figures.world(found.kept),
                figures.masses(found.summary),
                figures.mass_by_year(found.kept),
                figures.decades(found.summary),
                figures.groups(found.summary),
                figures.clusters(found.falls, found.labels, found.clusters),
                figures.relabelled(found.test, found.no_test),
            ],
            numbers=words.numbers(found),
            answer=words.answer(found, status),
            source=permutation_test,
            extra=words.provenance(status) + words.clusters(found) + words.explained(found),
        )

    return show


def _show_cleaning(watch: Watch) -> Callable[..., View]:
    def show() -> View:

        status = watch.ready(KEY)
        rows, lacking = len(status.served), completeness(status.served)
        return View(
            figures=[traps_figure(status.facts["traps"])],
            numbers=words.cleaning_numbers(rows, lacking),
            answer=words.cleaning_answer(rows, lacking, status),
            source=completeness,
            extra=words.provenance(status) + traps_table(status.facts["traps"]),
        )

    return show
