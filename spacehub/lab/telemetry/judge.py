"""How well each detector finds faults of known size: every flight, every fault, every size, five onsets.

Each run is a pair: a flight with a fault in it, and the same flight without the fault. A detector's first alarm in
a run is true if it comes at or after the onset of a fault, and false if it comes before, or if there is no fault.
Recall is the share of the faults whose first alarm is true; precision is the share of first alarms that are true.
Runs of one flight are not independent, so the intervals count flights, not runs.
"""

from dataclasses import dataclass

import numpy as np

from spacehub.lab.telemetry.detectors import DETECTORS, FIRST_SECOND, FOLDS, LAST_SECOND, Panel
from spacehub.lab.telemetry.faults import FAULTS, inject
from spacehub.serving.reliability import wilson

ONSETS = (20, 40, 60, 80, 100)
FALSE_ALARMS = 0.1
NONE = LAST_SECOND + 1000


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One flight with a fault in it, and the results of each detector.

    Parameters
    ----------
    speed, altitude : array of float, (136,)
        With the fault, in m/s and m.
    scores : array of float, (121, 3)
        From T+15 to T+135 s; `clean` is the same without the fault.
    thresholds : array of float, (3,)
    first : list of int or None
        The second of each detector's first alarm.
    """

    speed: np.ndarray
    altitude: np.ndarray
    scores: np.ndarray
    clean: np.ndarray
    thresholds: np.ndarray
    first: list[int | None]


def try_fault(panel: Panel, flight: int, fault: str, size: float, onset: int, false_alarms: float) -> Trial:
    """Inject a fault into a flight, and run the detectors that were not fitted on it.

    Raises
    ------
    SpaceHubError
        If there is no such fault, or a number is invalid.
    """
    flown = panel.speed[flight], panel.altitude[flight]
    speed, altitude = inject(fault, size, onset, *flown)
    judging = panel.judging(panel.fold[flight])
    thresholds = judging.thresholds(false_alarms)
    scores = judging.scores(speed, altitude)
    first = first_alarms(scores > thresholds)
    return Trial(
        speed=speed,
        altitude=altitude,
        scores=scores,
        clean=judging.scores(*flown),
        thresholds=thresholds,
        first=[None if second == NONE else int(second) for second in first],
    )


def first_alarms(alarms: np.ndarray, since: int = FIRST_SECOND) -> np.ndarray:
    """Return the second of each first alarm, (..., 3), in alarms (..., seconds, 3) from `since`; `NONE` for none."""
    return np.where(alarms.any(axis=-2), since + alarms.argmax(axis=-2), NONE)


def judge(panel: Panel) -> dict:
    """Evaluate every detector on every fault, as described above, ready for JSON.

    Returns
    -------
    dict
        The settings, ``clean`` and ``rows``. For each detector, ``clean`` has the share of the flights that raise
        an alarm without a fault, and ``by_chance``, the recall that these alarms alone would reach. For each
        detector, fault and size, ``rows`` has ``recall`` and ``precision``, each with a 95 % confidence interval (Wilson's,
        with n the number of flights), and the quartiles of the delay of detected faults in s, or None if no fault
        was detected.
    """
    flights = len(panel.speed)
    cells = [(fault, size) for fault in FAULTS for size in FAULTS[fault].sizes]
    quiet = np.empty((flights, len(DETECTORS)), dtype=int)
    met = np.empty((len(ONSETS), len(cells), flights, len(DETECTORS)), dtype=int)
    for fold in range(FOLDS):
        here = np.flatnonzero(panel.fold == fold)
        ascents, judging = (panel.speed[here], panel.altitude[here]), panel.judging(fold)
        thresholds = judging.thresholds(FALSE_ALARMS)
        quiet[here] = first_alarms(judging.scores(*ascents) > thresholds)
        for place, onset in enumerate(ONSETS):
            faulty = [inject(fault, size, onset, *ascents) for fault, size in cells]
            speed, altitude = (np.stack(part) for part in zip(*faulty, strict=True))
            # Before the onset a flight is unchanged, so only the rest is scored again.
            after = first_alarms(judging.scores(speed, altitude, since=onset) > thresholds, onset)
            met[place][:, here] = np.where(quiet[here] < onset, quiet[here], after)
    return {
        "flights": flights,
        "runs": flights * len(ONSETS),
        "onsets_s": list(ONSETS),
        "first_s": FIRST_SECOND,
        "last_s": LAST_SECOND,
        "folds": FOLDS,
        "false_alarms": FALSE_ALARMS,
        "clean": [{"detector": detector, **_clean(quiet[:, one])} for one, detector in enumerate(DETECTORS)],
        "rows": [
            {
                "detector": detector,
                "fault": fault,
                "size": size,
                "unit": FAULTS[fault].unit,
                **_row(met[:, cell, :, one].T, quiet[:, one]),
            }
            for cell, (fault, size) in enumerate(cells)
            for one, detector in enumerate(DETECTORS)
        ],
    }


def _clean(quiet: np.ndarray) -> dict:
    """Summarise one detector's first alarms without a fault, (flights,): in how many flights, and how often after an onset."""
    by_chance = (quiet[:, None] >= np.array(ONSETS)) & (quiet[:, None] != NONE)
    flights = len(quiet)
    return _share("alarmed", float((quiet != NONE).sum()), flights) | {"by_chance": float(by_chance.mean())}


def _row(first: np.ndarray, quiet: np.ndarray) -> dict:
    """Summarise one detector's first alarms, (flights, onsets), compared with the same flights without a fault."""
    delays = first - np.array(ONSETS)
    true = (delays >= 0) & (first != NONE)
    alarms = (first != NONE) + (quiet != NONE)[:, None].astype(int)
    alarmed = int(alarms.any(axis=1).sum())
    flights = len(first)
    precision = true.sum() / alarms.sum() if alarms.sum() else None
    quartiles = np.quantile(delays[true], [0.25, 0.5, 0.75]).tolist() if true.any() else [None] * 3
    return {
        **_share("recall", true.mean() * flights, flights),
        **(
            _share("precision", precision * alarmed, alarmed)
            if precision is not None
            else dict.fromkeys(("precision", "precision_low", "precision_high"))
        ),
        **dict(zip(("delay_low_s", "delay_s", "delay_high_s"), quartiles, strict=True)),
    }


def _share(name: str, hits: float, n: int) -> dict:
    low, high = wilson(hits, n)
    return {name: float(hits / n), f"{name}_low": low, f"{name}_high": high}
