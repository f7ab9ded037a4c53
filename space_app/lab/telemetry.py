"""The experiment Telemetry: all ascents of a rocket, a fault to put into one, and how well such faults are noticed."""

from collections.abc import Callable, Sequence

import gradio as gr

from space_app.lab import telemetry_api as api
from space_app.lab import telemetry_words as words
from space_app.lab.cleaning import traps_figure, traps_table
from space_app.lab.frame import Bench, Experiment, View
from space_app.watch import Served, Watch
from spacehub.lab.telemetry import judge, webcasts
from spacehub.lab.telemetry.detectors import MOST_FALSE_ALARMS, Panel
from spacehub.lab.telemetry.faults import FAULTS
from spacehub.lab.telemetry.flights import (
    EVENTS,
    EVENTS_FILE,
    FIRST,
    QUANTITIES,
    SECOND,
    TELEMETRY_FILE,
    read,
)
from spacehub.lab.telemetry.spread import EVERY, spread

KEY = api.KEY
SERVED = Served(files=[TELEMETRY_FILE, EVENTS_FILE], load=lambda folder: Panel(read(folder)))
MEASURES = {"recall": "recall", "precision": "precision", "delay": "delay_s"}


def experiment(watch: Watch) -> Experiment:
    """Return the experiment over the newest telemetry that `watch` has pulled."""
    return Experiment(
        key="telemetry",
        title="Telemetry",
        week=5,
        benches=[
            Bench(
                key="telemetry",
                question="How alike are the ascents of one rocket?",
                words="Every line is a launch, second by second, read off its webcast. After main engine cut-off (MECO) "
                "a record follows either stage: the first back to the ground, or the second on to orbit.",
                controls=_ascent_controls,
                show=_show_ascents(watch),
                figures=2,
            ),
            Bench(
                key="telemetry-fault",
                question="Which detector notices a fault, and how soon?",
                words="Put a fault into a flight. Three detectors, which have never seen this flight, look at its speed and "
                "altitude second by second. An alarm is a score above the dashed line.",
                controls=_fault_controls,
                show=_show_fault(watch),
                figures=2,
            ),
            Bench(
                key="telemetry-judged",
                question="How small a fault is noticed?",
                words="The same for every flight, at five onsets each. The first alarm of a run is true when it comes at "
                "or after the onset, false before it or in the same flight without a fault.",
                controls=_judged_controls,
                show=_show_judged(watch),
            ),
            Bench(
                key="telemetry-cleaning",
                question="How much of the source is filled in, stuck or off?",
                words="Before anything is learned from it: each trap of the source, with its count and what was done. "
                "No value was changed.",
                controls=lambda: [],
                show=_show_cleaning(watch),
            ),
        ],
        endpoints=api.endpoints(watch),
    )


def _flight(label: str, chosen: str) -> gr.Dropdown:
    """Let a launch be chosen by its name; the value is its place in the dataset, which a simulated one has, too."""
    names = webcasts.falcon_9_launches()
    return gr.Dropdown(
        [(name, place) for place, name in enumerate(names)], value=names.index(chosen), label=label
    )


def _launch(panel: Panel, place: int) -> int:
    # A simulated set has fewer launches than the list has names.
    return int(place) % len(panel.flights)


def _ascent_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Dropdown(
            [(f"{name}, {unit}", key) for key, (name, unit) in QUANTITIES.items()],
            value="altitude_km",
            label="What is drawn",
        ),
        _flight("Highlight", "SpaceX CRS-11"),
        gr.Radio(
            [EVERY, SECOND, FIRST],
            value=EVERY,
            label="Which stage the record follows",
        ),
        gr.Dropdown(
            [(name, key) for key, name in EVENTS.items()], value="meco", label="Mark this event on every line"
        ),
        gr.Slider(0, 600, 60, step=1, label="Compare at T+, s"),
    ]


def _show_ascents(watch: Watch) -> Callable[..., View]:
    def show(quantity: str, place: int, followed: str, event: str, second: float) -> View:
        from space_app.lab import telemetry_figures as figures

        status = watch.ready(KEY)
        flights, chosen = status.served.flights, _launch(status.served, place)
        seen = spread(flights, quantity, int(second), followed=followed)
        return View(
            figures=[
                figures.ascents(flights, quantity, chosen, followed, event, int(second)),
                figures.events(flights, chosen, followed),
            ],
            numbers=words.ascent_numbers(flights, seen, quantity, chosen, int(second)),
            answer=words.ascent_answer(flights, seen, quantity, chosen, int(second), status),
            source=spread,
            extra=words.which(status),
        )

    return show


def _fault(chosen: str) -> gr.Radio:
    return gr.Radio(list(FAULTS), value=chosen, label="Fault")


def _fault_controls() -> Sequence[gr.components.Component]:
    return [
        _flight("Flight", "TESS"),
        _fault("sensor freeze"),
        gr.Slider(
            0, 6, 4, step=1, label="Size, in six steps", info="What a step is stands below; 0 is no fault."
        ),
        gr.Slider(16, 130, 60, step=1, label="Begins at T+, s"),
        gr.Slider(
            0,
            MOST_FALSE_ALARMS,
            judge.FALSE_ALARMS,
            step=0.02,
            label="False alarms: share of the other flights that may raise one",
        ),
    ]


def _show_fault(watch: Watch) -> Callable[..., View]:
    def show(place: int, fault: str, step: float, onset: float, false_alarms: float) -> View:
        from space_app.lab import telemetry_figures as figures

        status = watch.ready(KEY)
        panel, chosen = status.served, _launch(status.served, place)
        size = (0.0, *FAULTS[fault].sizes)[int(step)]
        trial = judge.try_fault(panel, chosen, fault, size, int(onset), false_alarms)
        return View(
            figures=[
                figures.residual(panel, chosen, trial, int(onset)),
                figures.scores(trial, int(onset), size > 0),
            ],
            numbers=words.fault_numbers(trial, fault, size, int(onset)),
            answer=words.fault_answer(panel, chosen, trial, fault, size, int(onset), status),
            source=FAULTS[fault].put,
            extra=words.which(status),
        )

    return show


def _judged_controls() -> Sequence[gr.components.Component]:
    return [
        _fault("engine out"),
        gr.Radio(
            [
                ("Recall: share of the faults noticed", "recall"),
                ("Precision: share of the alarms that are true", "precision"),
                ("Delay until noticed", "delay"),
            ],
            value="recall",
            label="Measure",
        ),
    ]


def _show_judged(watch: Watch) -> Callable[..., View]:
    def show(fault: str, measure: str) -> View:
        from space_app.lab import telemetry_figures as figures

        status = watch.ready(KEY)
        judged = status.facts["judged"]
        rows = [row for row in judged["rows"] if row["fault"] == fault]
        return View(
            figures=[figures.judged(rows, judged, measure)],
            numbers=words.judged_numbers(judged),
            answer=words.judged_answer(rows, judged, fault, status),
            source=judge.judge,
            extra=words.which(status) + words.judged_table(rows, judged),
        )

    return show


def _show_cleaning(watch: Watch) -> Callable[..., View]:
    def show() -> View:
        status = watch.ready(KEY)
        return View(
            figures=[traps_figure(status.facts["traps"])],
            numbers=words.cleaning_numbers(status.facts),
            answer=words.cleaning_answer(status.facts, status),
            source=read,
            extra=words.which(status) + traps_table(status.facts["traps"]),
        )

    return show
