"""The texts of the experiment Telemetry."""

from collections.abc import Mapping, Sequence

import numpy as np

from space_app.lab.provenance import provenance
from space_app.watch import Status
from space_app.words import esc
from spacehub.lab.telemetry.detectors import DETECTORS, Panel
from spacehub.lab.telemetry.faults import FAULTS
from spacehub.lab.telemetry.flights import EVENTS, QUANTITIES, Flights
from spacehub.lab.telemetry.judge import Trial
from spacehub.lab.telemetry.spread import Spread


def which(status: Status) -> str:
    """Return which data is shown, as HTML."""
    return provenance(
        status,
        simulated="These launches were generated, because the real records could not be had; the list's names stand for "
        "their places. None of them flew.",
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
    """Return the numbers next to the ascents."""
    here = flights.values[quantity][chosen]
    listed = {
        f"Flights at T+{second} s": f"{len(seen.rows)}",
        f"median {QUANTITIES[quantity][0]}": _with_unit(seen.median, quantity),
        "nine of ten from": f"{_with_unit(seen.low, quantity)} to {_with_unit(seen.high, quantity)}",
        "lowest": f"{_with_unit(seen.values.min(), quantity)}, {flights.launches[seen.lowest]}",
        "highest": f"{_with_unit(seen.values.max(), quantity)}, {flights.launches[seen.highest]}",
        "Highlighted": flights.launches[chosen],
    }
    if second < flights.seconds[chosen]:
        listed[f"it, at T+{second} s"] = _with_unit(here[second], quantity)
    for event, name in EVENTS.items():
        when = flights.events[event][chosen]
        if np.isfinite(when):
            listed[f"its {name}"] = f"T+{when:.0f} s"
    return listed


def ascent_answer(
    flights: Flights, seen: Spread, quantity: str, chosen: int, second: int, status: Status
) -> str:
    """Answer with where the flights are at one second, and the highlighted one among them."""
    name = QUANTITIES[quantity][0]
    said = (
        f"At T+{second} s nine of ten flights have {_article(name)} {name} of {_with_unit(seen.low, quantity)} to "
        f"{_with_unit(seen.high, quantity)}"
    )
    if chosen in seen.rows:
        place = int((seen.values > flights.values[quantity][chosen, second]).sum()) + 1
        said += (
            f"; {flights.launches[chosen]} has {_with_unit(flights.values[quantity][chosen, second], quantity)}, "
            f"number {place} of {len(seen.rows)} from the top"
        )
    cut_off = flights.events["meco"]
    return (
        f"{_lead(status)}{said}. Engines were cut off at T+{cut_off.min():.0f} to {cut_off.max():.0f} s, that of "
        f"{flights.launches[chosen]} at T+{cut_off[chosen]:.0f} s."
    )


def _article(name: str) -> str:
    return "an" if name[0] in "aeiou" else "a"


def fault_numbers(trial: Trial, fault: str, size: float, onset: int) -> Mapping[str, str]:
    """Return what each detector made of the fault."""
    kind = FAULTS[fault]
    listed = {
        "The fault": kind.meaning if size else "none",
        "its size": f"{size:g} {kind.unit}",
        "a step is one of": f"{', '.join(f'{one:g}' for one in kind.sizes)} {kind.unit}",
    }
    for detector, first in zip(DETECTORS, trial.first, strict=True):
        listed[detector] = _verdict(first, onset, size > 0)
    for place, detector in enumerate(DETECTORS):
        listed[f"{detector}: highest score over threshold"] = (
            f"{trial.scores[:, place].max() / trial.thresholds[place]:.2f}, "
            f"{trial.clean[:, place].max() / trial.thresholds[place]:.2f} as it flew"
        )
    return listed


def _verdict(first: int | None, onset: int, faulty: bool) -> str:
    if first is None:
        return "no alarm"
    if first < onset or not faulty:
        return f"false alarm at T+{first} s"
    return f"noticed at T+{first} s, after {first - onset} s"


def fault_answer(
    panel: Panel, chosen: int, trial: Trial, fault: str, size: float, onset: int, status: Status
) -> str:
    """Answer which detector noticed the fault, and when."""
    launch = panel.flights.launches[chosen]
    verdicts = "; ".join(
        f"{detector}: {_verdict(first, onset, size > 0)}"
        for detector, first in zip(DETECTORS, trial.first, strict=True)
    )
    what = f"{fault}, {size:g} {FAULTS[fault].unit}, from T+{onset} s on" if size else "no fault"
    return f"{_lead(status)}{launch}, {what}. {verdicts}."


def judged_numbers(judged: Mapping) -> Mapping[str, str]:
    """Return the settings, and how often each detector cries wolf."""
    listed = {
        "Flights": f"{judged['flights']}",
        "Runs of each size": f"{judged['runs']}, at T+{', '.join(map(str, judged['onsets_s']))} s",
        "False alarms allowed": f"in {judged['false_alarms']:.0%} of the flights that set the threshold".replace(
            "%", " %"
        ),
    }
    for row in judged["clean"]:
        listed[f"{row['detector']}: alarms without a fault"] = (
            f"{row['alarmed']:.0%} of the flights ({row['alarmed_low']:.0%} to {row['alarmed_high']:.0%})".replace(
                "%", " %"
            )
        )
    return listed


def judged_answer(rows: Sequence[Mapping], judged: Mapping, fault: str, status: Status) -> str:
    """Answer with the smallest size that each detector notices in half of the runs."""
    said = []
    for detector in DETECTORS:
        enough = [row for row in rows if row["detector"] == detector and row["recall"] >= 0.5]
        if not enough:
            said.append(f"{detector} at no size that was tried")
            continue
        first = min(enough, key=lambda row: row["size"])
        said.append(
            f"{detector} from {first['size']:g} {first['unit']} (recall {first['recall']:.2f}, {first['recall_low']:.2f} "
            f"to {first['recall_high']:.2f}; after {first['delay_s']:.0f} s)"
        )
    return (
        f"{_lead(status)}{fault[0].upper()}{fault[1:]} is noticed in half of {judged['runs']} runs or more by "
        f"{'; '.join(said)}."
    )


def judged_table(rows: Sequence[Mapping], judged: Mapping) -> str:
    """List recall, precision and delay of each detector at each size, as HTML."""
    body = "".join(
        f"<tr><td>{row['size']:g}</td><td>{esc(row['detector'])}</td><td>{_span(row, 'recall')}</td>"
        f"<td>{_span(row, 'precision')}</td><td>{_delay(row)}</td></tr>"
        for row in rows
    )
    chance = ", ".join(f"{row['by_chance']:.2f} ({esc(row['detector'])})" for row in judged["clean"])
    return (
        "<details><summary>All sizes, with 95 % intervals</summary>"
        f"<table><thead><tr><th>Size, {esc(rows[0]['unit'])}</th><th></th><th>Recall</th><th>Precision</th><th>Delay, s</th></tr>"
        f"</thead><tbody>{body}</tbody></table></details>"
        "<details><summary>How is it judged?</summary>"
        f"<p>In {judged['folds']} folds of flights: what judges a flight was fitted on the other folds, and its threshold set "
        "there so that a tenth of those flights would raise an alarm, each met by detectors without it. All flights "
        "count. Half of the runs have a fault, so precision would be lower where faults are rare. A detector that alarms early "
        "in a flight misses every later fault in it: that is why recall levels off below 1. Without any fault the same "
        f"count would give a recall of {chance}: what chance gives, the dashed line.</p>"
        "<p>The intervals (Wilson's) count flights, not runs, because the runs of one flight are alike.</p></details>"
    )


def _span(row: Mapping, name: str) -> str:
    if row[name] is None:
        return "–"
    return f"{row[name]:.2f} <small>{row[f'{name}_low']:.2f} to {row[f'{name}_high']:.2f}</small>"


def _delay(row: Mapping) -> str:
    if row["delay_s"] is None:
        return "–"
    return f"{row['delay_s']:.0f} <small>{row['delay_low_s']:.0f} to {row['delay_high_s']:.0f}</small>"


def cleaning_numbers(facts: Mapping) -> Mapping[str, str]:
    """Return how many rows the flags touch."""
    return {"Launches": f"{len(facts['launches'])}", "Seconds": f"{facts['rows']:,}"} | {
        flag.replace("_", " "): f"{one['rows']:,} in {one['launches']} launches"
        for flag, one in facts["flags"].items()
    }


def cleaning_answer(facts: Mapping, status: Status) -> str:
    """Answer with the share of the seconds that have a flag of each kind."""
    filled, stuck = (facts["flags"][name]["rows"] for name in ("velocity_straight", "altitude_held"))
    off = facts["flags"]["components_disagree"]["rows"]
    total = facts["rows"]
    return (
        f"{_lead(status)}Of {total:,} seconds {100 * filled / total:.1f} % lie on a straight line, as if filled in, "
        f"{100 * stuck / total:.1f} % have an altitude that hangs, and in {100 * off / total:.1f} % the parts do not give "
        "the whole speed."
    )
