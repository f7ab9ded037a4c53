"""Sentences and numbers shown next to the figures of the Telemetry experiment."""

from collections.abc import Mapping, Sequence

import numpy as np

from space_app.html import render
from space_app.lab.provenance import provenance
from space_app.watch import Status
from spacehub.lab.telemetry.detectors import DETECTORS, Panel
from spacehub.lab.telemetry.faults import FAULTS
from spacehub.lab.telemetry.flights import EVENTS, QUANTITIES, Flights
from spacehub.lab.telemetry.judge import Trial
from spacehub.lab.telemetry.spread import Spread


def which(status: Status) -> str:
    """Return a note on the origin of the data, as HTML."""
    return provenance(
        status,
        simulated="These launches were generated, because the real records were not available. None of these "
        "launches happened, and their names are placeholders.",
    )


def _lead(status: Status) -> str:
    return "Simulated: " if status.simulated else ""


def _with_unit(value: float, quantity: str) -> str:
    unit = QUANTITIES[quantity][1]
    number = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{number}{'' if unit == '°' else ' '}{unit}"


def ascent_numbers(
    flights: Flights, seen: Spread, quantity: str, chosen: int, second: int
) -> Mapping[str, str]:
    """Return the numbers shown next to the ascents."""
    here = flights.values[quantity][chosen]
    listed = {
        f"Flights at T+{second} s": f"{len(seen.rows)}",
        f"median {QUANTITIES[quantity][0]}": _with_unit(seen.median, quantity),
        "nine of ten flights": f"{_with_unit(seen.low, quantity)} to {_with_unit(seen.high, quantity)}",
        "lowest": f"{_with_unit(seen.values.min(), quantity)}, {flights.launches[seen.lowest]}",
        "highest": f"{_with_unit(seen.values.max(), quantity)}, {flights.launches[seen.highest]}",
        "Highlighted flight": flights.launches[chosen],
    }
    if second < flights.seconds[chosen]:
        listed[f"Highlighted flight, at T+{second} s"] = _with_unit(here[second], quantity)
    for event, name in EVENTS.items():
        when = flights.events[event][chosen]
        if np.isfinite(when):
            listed[f"Highlighted flight: {name}"] = f"T+{when:.0f} s"
    return listed


def ascent_answer(
    flights: Flights, seen: Spread, quantity: str, chosen: int, second: int, status: Status
) -> str:
    """Describe all flights at a given second, and the highlighted flight among them."""
    name = QUANTITIES[quantity][0]
    sentence = (
        f"At T+{second} s, nine of ten flights have {_article(name)} {name} of {_with_unit(seen.low, quantity)} to "
        f"{_with_unit(seen.high, quantity)}"
    )
    if chosen in seen.rows:
        place = int((seen.values > flights.values[quantity][chosen, second]).sum()) + 1
        sentence += (
            f"; {flights.launches[chosen]} has {_with_unit(flights.values[quantity][chosen, second], quantity)}, "
            f"rank {place} of {len(seen.rows)} from the top"
        )
    cut_off = flights.events["meco"]
    return (
        f"{_lead(status)}{sentence}. Main engine cut-off is at T+{cut_off.min():.0f} to {cut_off.max():.0f} s, "
        f"and at T+{cut_off[chosen]:.0f} s for {flights.launches[chosen]}."
    )


def _article(name: str) -> str:
    return "an" if name[0] in "aeiou" else "a"


def fault_numbers(trial: Trial, fault: str, size: float, onset: int) -> Mapping[str, str]:
    """Return each detector's result."""
    kind = FAULTS[fault]
    listed = {
        "The fault": kind.meaning if size else "none",
        "size of the fault": f"{size:g} {kind.unit}",
        "fault sizes of positions 1 to 6": f"{', '.join(f'{size_step:g}' for size_step in kind.sizes)} {kind.unit}",
    }
    for detector, first in zip(DETECTORS, trial.first, strict=True):
        listed[detector] = _verdict(first, onset, size > 0)
    for place, detector in enumerate(DETECTORS):
        listed[f"{detector}: highest score / threshold"] = (
            f"{trial.scores[:, place].max() / trial.thresholds[place]:.2f}, "
            f"{trial.clean[:, place].max() / trial.thresholds[place]:.2f} without the fault"
        )
    return listed


def _verdict(first: int | None, onset: int, faulty: bool) -> str:
    if first is None:
        return "no alarm"
    if first < onset or not faulty:
        return f"false alarm at T+{first} s"
    return f"detected at T+{first} s, after {first - onset} s"


def fault_answer(
    panel: Panel, chosen: int, trial: Trial, fault: str, size: float, onset: int, status: Status
) -> str:
    """Report which detectors found the fault and when."""
    launch = panel.flights.launches[chosen]
    verdicts = "; ".join(
        f"{detector}: {_verdict(first, onset, size > 0)}"
        for detector, first in zip(DETECTORS, trial.first, strict=True)
    )
    what = f"{fault}, {size:g} {FAULTS[fault].unit}, from T+{onset} s on" if size else "no fault"
    return f"{_lead(status)}{launch}, {what}. {verdicts}."


def judged_numbers(judged: Mapping) -> Mapping[str, str]:
    """Return the settings and how often each detector raises a false alarm."""
    listed = {
        "Flights": f"{judged['flights']}",
        "Runs per fault size": f"{judged['runs']}, with onset at T+{', '.join(map(str, judged['onsets_s']))} s",
        "False alarms allowed": f"in {judged['false_alarms']:.0%} of the flights that set the threshold".replace(
            "%", " %"
        ),
    }
    for row in judged["clean"]:
        listed[f"{row['detector']}: false alarm rate"] = (
            f"{row['alarmed']:.0%} of the flights ({row['alarmed_low']:.0%} to {row['alarmed_high']:.0%})".replace(
                "%", " %"
            )
        )
    return listed


def judged_answer(rows: Sequence[Mapping], judged: Mapping, fault: str, status: Status) -> str:
    """Return the smallest fault that each detector finds in at least half of the runs."""
    parts = []
    for detector in DETECTORS:
        enough = [row for row in rows if row["detector"] == detector and row["recall"] >= 0.5]
        if not enough:
            parts.append(f"{detector}: none of the tested sizes")
            continue
        first = min(enough, key=lambda row: row["size"])
        parts.append(
            f"{detector}: from {first['size']:g} {first['unit']} (recall {first['recall']:.2f}, {first['recall_low']:.2f} "
            f"to {first['recall_high']:.2f}; after {first['delay_s']:.0f} s)"
        )
    return (
        f"{_lead(status)}{fault[0].upper()}{fault[1:]} is detected in at least half of {judged['runs']} runs at the "
        f"following sizes. {'; '.join(parts)}."
    )


def judged_table(rows: Sequence[Mapping], judged: Mapping) -> str:
    """Return the recall, precision and delay of each detector at each size as an HTML table."""
    listed = [
        {
            "size": f"{row['size']:g}",
            "detector": row["detector"],
            "recall": _span(row, "recall", "recall_low", "recall_high", digits=2),
            "precision": _span(row, "precision", "precision_low", "precision_high", digits=2),
            "delay": _span(row, "delay_s", "delay_low_s", "delay_high_s", digits=0),
        }
        for row in rows
    ]
    by_chance = ", ".join(f"{row['by_chance']:.2f} ({row['detector']})" for row in judged["clean"])
    return render(
        "lab/telemetry/judged.html",
        unit=rows[0]["unit"],
        rows=listed,
        folds=judged["folds"],
        by_chance=by_chance,
    )


def _span(row: Mapping, *names: str, digits: int) -> list[str]:
    """Return a value and the ends of its interval as strings, which are empty if there is no value."""
    return [] if row[names[0]] is None else [f"{row[name]:.{digits}f}" for name in names]


def cleaning_numbers(facts: Mapping) -> Mapping[str, str]:
    """Return how many rows have each flag."""
    return {"Launches": f"{len(facts['launches'])}", "Samples (one per second)": f"{facts['rows']:,}"} | {
        flag.replace("_", " "): f"{counts['rows']:,} in {counts['launches']} launches"
        for flag, counts in facts["flags"].items()
    }


def cleaning_answer(facts: Mapping, status: Status) -> str:
    """Return the fraction of samples that have each kind of flag."""
    filled, stuck = (facts["flags"][name]["rows"] for name in ("velocity_straight", "altitude_held"))
    off = facts["flags"]["components_disagree"]["rows"]
    total = facts["rows"]
    return (
        f"{_lead(status)}{100 * filled / total:.1f} % of {total:,} samples (one per second) appear to be interpolated, "
        f"because they lie on a straight line. In {100 * stuck / total:.1f} % of the samples, the altitude is stuck. "
        f"In {100 * off / total:.1f} % of the samples, the velocity components disagree with the total speed."
    )
