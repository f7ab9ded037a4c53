"""The Telemetry experiment: all ascents of a rocket, a fault added to one ascent, and the detection of faults."""

from typing import Annotated

from space_app.lab.cleaning import traps_figure, traps_table
from space_app.lab.frame import Bench, View
from space_app.lab.telemetry import api, words
from space_app.lab.telemetry.api import KEY
from space_app.parameters import Choice, integer
from space_app.watch import Watch
from spacehub.lab.telemetry import judge
from spacehub.lab.telemetry.faults import FAULTS
from spacehub.lab.telemetry.flights import EVENTS, read
from spacehub.lab.telemetry.spread import spread

MEASURES = {
    "recall": "Recall: share of the faults detected",
    "precision": "Precision: share of the alarms that are true",
    "delay": "Delay until detection",
}


def ascents_view(
    watch: Watch,
    *,
    quantity: str,
    launch: str,
    followed: str,
    event: Annotated[str, Choice(dict(EVENTS), listed=True, label="Mark this event on every line")] = "meco",
    second: int,
) -> View:
    """Show all ascents with one of them highlighted, and the times of its events."""
    from space_app.lab.telemetry import figures

    status = watch.ready(KEY)
    flights, chosen = status.served.flights, api.place(status.served, launch)
    seen = spread(flights, quantity, second, followed=followed)
    return View(
        figures=[
            figures.ascents(flights, quantity, chosen, followed, event, second),
            figures.events(flights, chosen, followed),
        ],
        numbers=words.ascent_numbers(flights, seen, quantity, chosen, second),
        answer=words.ascent_answer(flights, seen, quantity, chosen, second, status),
        source=spread,
        extra=words.which(status),
    )


def fault_view(
    watch: Watch,
    *,
    launch: str,
    fault: str,
    step: Annotated[
        int,
        integer(
            0,
            6,
            step=1,
            label="Size, in six steps",
            help="The fault size for each slider position is listed below. Slider position 0 means no fault.",
        ),
    ] = 4,
    onset: int,
    false_alarms: float,
) -> View:
    """Show the fault in the flight and each detector's result."""
    from space_app.lab.telemetry import figures

    status = watch.ready(KEY)
    panel, chosen = status.served, api.place(status.served, launch)
    size = (0.0, *FAULTS[fault].sizes)[step]
    trial = judge.try_fault(panel, chosen, fault, size, onset, false_alarms)
    return View(
        figures=[
            figures.residual(panel, chosen, trial, onset),
            figures.scores(trial, onset, size > 0),
        ],
        numbers=words.fault_numbers(trial, fault, size, onset),
        answer=words.fault_answer(panel, chosen, trial, fault, size, onset, status),
        source=FAULTS[fault].put,
        extra=words.which(status),
    )


def judged_view(
    watch: Watch,
    *,
    fault: Annotated[str, Choice(list(FAULTS), label="Fault")] = "engine out",
    measure: Annotated[str, Choice(MEASURES, label="Measure")] = "recall",
) -> View:
    """Show how well each detector finds a fault of each size."""
    from space_app.lab.telemetry import figures

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


def cleaning_view(watch: Watch) -> View:
    """Show the defects of the source."""
    status = watch.ready(KEY)
    return View(
        figures=[traps_figure(status.facts["traps"])],
        numbers=words.cleaning_numbers(status.facts),
        answer=words.cleaning_answer(status.facts, status),
        source=read,
        extra=words.which(status) + traps_table(status.facts["traps"]),
    )


ASCENTS = Bench(
    key="telemetry",
    question="How similar are the ascents of one rocket?",
    words="Each line shows a launch second by second, as read from its webcast. After main engine cut-off "
    "(MECO), a record tracks one of the stages: the first stage back to the ground, or the second stage "
    "to orbit.",
    endpoint=api.lab_telemetry,
    view=ascents_view,
    figures=2,
)

FAULT = Bench(
    key="telemetry-fault",
    question="Which detector notices a fault, and how soon?",
    words="Inject a fault into a flight. Three detectors, which were not fitted on this flight, monitor its "
    "speed and altitude second by second. A score above the dashed line raises an alarm.",
    endpoint=api.lab_telemetry_fault,
    view=fault_view,
    figures=2,
)

JUDGED = Bench(
    key="telemetry-judged",
    question="How small a fault can be detected?",
    words="Each flight is used for five runs, each with a different fault onset. The first alarm of a run counts as a true positive if the fault has already started. It counts as a false positive if it comes before the fault, or in the fault-free run of the same flight.",
    endpoint=api.lab_telemetry_judged,
    view=judged_view,
)

CLEANING = Bench(
    key="telemetry-cleaning",
    question="How much of the source is interpolated, stuck or inconsistent?",
    words="The list shows each defect in the source, its count, and how it was handled. No value was "
    "changed.",
    endpoint=api.lab_telemetry_cleaning,
    view=cleaning_view,
)
