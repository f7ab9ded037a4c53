"""Endpoints of the Telemetry experiment: an ascent, a fault in it, fault detection, and the cleaning report."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.cleaning import Trap
from space_app.lab.provenance import Source, source
from space_app.parameters import Choice, Number, Text, integer
from space_app.served.telemetry import KEY
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab.telemetry import judge, webcasts
from spacehub.lab.telemetry.detectors import DETECTORS, FIRST_SECOND, MOST_FALSE_ALARMS, Panel
from spacehub.lab.telemetry.faults import FAULTS
from spacehub.lab.telemetry.flights import FIRST, QUANTITIES, SECOND
from spacehub.lab.telemetry.spread import EVERY, spread

NAMED = {key: f"{name}, {unit}" for key, (name, unit) in QUANTITIES.items()}


# A simulated dataset has launches that the list does not contain.
Launch = Annotated[str, Text(80, suggestions=webcasts.falcon_9_launches(), label="Launch")]
Fault = Annotated[str, Choice(list(FAULTS), label="Fault")]
FalseAlarms = Annotated[
    float,
    Number(
        0,
        MOST_FALSE_ALARMS,
        step=0.02,
        label="False alarms",
        help="The share of the other flights (all fault-free) that raise an alarm. This share determines the threshold.",
    ),
]


class Ascent(TypedDict):
    """One quantity of a flight (one value per second from T+0), the event times in s, and all flights' values at one second."""

    launch: str
    followed: str
    quantity: str
    unit: str
    values: list[float]
    events: dict[str, float | None]
    second: int
    flights: int
    median: float
    middle_90: tuple[float, float]
    lowest: str
    highest: str
    launches: list[str]
    source: Source


class Noticed(TypedDict):
    """One detector's result for a fault: its first alarm and the delay after the onset, or None without an alarm.

    A negative delay means a false alarm. `scores` start at T+15 s, with one score per second.
    """

    detector: str
    first_alarm_s: int | None
    delay_s: int | None
    threshold: float
    scores: list[float]


class Faulty(TypedDict):
    """A flight with an injected fault: speed (m/s) and altitude (km) from T+0 on, and each detector's result."""

    launch: str
    speed_m_s: list[float]
    altitude_km: list[float]
    first_score_s: int
    detectors: list[Noticed]
    source: Source


class JudgedRow(TypedDict):
    """One detector's results for one kind and size of fault: 95 % confidence intervals, and the quartiles of the delay."""

    detector: str
    fault: str
    size: float
    unit: str
    recall: float
    recall_low: float
    recall_high: float
    precision: float | None
    precision_low: float | None
    precision_high: float | None
    delay_low_s: float | None
    delay_s: float | None
    delay_high_s: float | None


class CleanRow(TypedDict):
    """The performance of one detector on flights without a fault: the false alarm rate and the recall expected by chance."""

    detector: str
    alarmed: float
    alarmed_low: float
    alarmed_high: float
    by_chance: float


class Judged(TypedDict):
    """The performance of each detector on each kind and size of fault, over all flights and onsets."""

    flights: int
    runs: int
    onsets_s: list[int]
    false_alarms: float
    clean: list[CleanRow]
    rows: list[JudgedRow]
    source: Source


class TelemetryCleaning(TypedDict):
    """The cleaning report: the number of rows and all defects."""

    rows: int
    traps: list[Trap]
    source: Source


def lab_telemetry(
    watch: Watch,
    launch: Launch = "SpaceX CRS-11",
    quantity: Annotated[str, Choice(NAMED, listed=True, label="Quantity")] = "altitude_km",
    second: Annotated[int, integer(0, 600, step=1, label="Compare at T+", unit="s")] = 60,
    followed: Annotated[str, Choice([EVERY, SECOND, FIRST], label="Stage tracked after MECO")] = EVERY,
) -> Ascent:
    """Return one quantity at each second of a Falcon 9 launch, the launch's events, and the values of all launches at one second."""
    status = watch.ready(KEY)
    flights = status.served.flights
    seen = spread(flights, quantity, second, followed=followed)
    row = place(status.served, launch)
    return Ascent(
        launch=flights.launches[row],
        followed=flights.followed[row],
        quantity=quantity,
        unit=QUANTITIES[quantity][1],
        values=flights.values[quantity][row, : flights.seconds[row]].tolist(),
        events={
            name: None if np.isnan(times[row]) else float(times[row])
            for name, times in flights.events.items()
        },
        second=second,
        flights=len(seen.rows),
        median=seen.median,
        middle_90=(seen.low, seen.high),
        lowest=flights.launches[seen.lowest],
        highest=flights.launches[seen.highest],
        launches=list(flights.launches),
        source=source(status),
    )


def lab_telemetry_fault(
    watch: Watch,
    launch: Launch = "TESS",
    fault: Fault = "sensor freeze",
    size: Annotated[
        float,
        Number(
            0,
            1000,
            label="Size",
            help="The unit depends on the fault: number of engines (of nine), seconds, m/s, m/s per second, or per cent. A size of 0 means no fault.",
        ),
    ] = 30,
    onset: Annotated[int, integer(16, 130, step=1, label="Onset at T+", unit="s")] = 60,
    false_alarms: FalseAlarms = judge.FALSE_ALARMS,
) -> Faulty:
    """Inject a fault of known size into an ascent, and return which detectors find it, and when.

    The detectors were fitted to other flights, which also determine their thresholds.
    """
    status = watch.ready(KEY)
    row = place(status.served, launch)
    trial = judge.try_fault(status.served, row, fault, size, onset, false_alarms)
    return Faulty(
        launch=status.served.flights.launches[row],
        speed_m_s=trial.speed.tolist(),
        altitude_km=(trial.altitude / 1000).tolist(),
        first_score_s=FIRST_SECOND,
        detectors=[
            Noticed(
                detector=detector,
                first_alarm_s=trial.first[place],
                delay_s=None if trial.first[place] is None or size == 0 else trial.first[place] - onset,
                threshold=float(trial.thresholds[place]),
                scores=trial.scores[:, place].tolist(),
            )
            for place, detector in enumerate(DETECTORS)
        ],
        source=source(status),
    )


def lab_telemetry_judged(watch: Watch) -> Judged:
    """Return the recall, precision and delay of each detector for each kind and size of fault, with intervals."""
    status = watch.ready(KEY)
    judged = status.facts["judged"]
    kept = {name: judged[name] for name in ("flights", "runs", "onsets_s", "false_alarms")}
    return Judged(
        **kept,
        clean=[CleanRow(**row) for row in judged["clean"]],
        rows=[JudgedRow(**row) for row in judged["rows"]],
        source=source(status),
    )


def lab_telemetry_cleaning(watch: Watch) -> TelemetryCleaning:
    """Return a summary of how the telemetry source was cleaned: each defect, with its count."""
    status = watch.ready(KEY)
    return TelemetryCleaning(
        rows=status.facts["rows"],
        traps=[Trap(**trap) for trap in status.facts["traps"]],
        source=source(status),
    )


def place(panel: Panel, launch: str) -> int:
    """Return a launch's index in the dataset. In a simulated dataset, the names are only placeholders for indices."""
    if launch in panel.flights.launches:
        return panel.flights.place(launch)
    names = webcasts.falcon_9_launches()
    if launch not in names:
        raise SpaceHubError(f"The launch {launch!r} does not exist.", f"Choose one of: {', '.join(names)}.")
    return names.index(launch) % len(panel.flights)
