"""Render Mission control: a card for every model and dataset."""

from typing import TYPE_CHECKING

from space_app import under_way
from space_app.html import render
from space_app.mission_control.drift import draw as draw_drift
from space_app.mission_control.load import draw as draw_load
from space_app.monitoring import drift, load
from space_app.watch import Status

if TYPE_CHECKING:
    from space_app.mission_control.tab import Entry, Headline

SPLITS = {
    "shuffled": "cross-validated",
    "time-ordered": "forward in time",
    "calm": "in calm air",
    "wind": "in wind",
}


def board(panels: dict[str, list[tuple["Entry", Status]]], *, looked: bool, away: str, slow: str) -> str:
    """Draw all of Mission control as HTML: under each title of `panels`, a card for each entry.

    Parameters
    ----------
    panels : dict of str to list of (Entry, Status)
        What the Hub holds.
    looked : bool
        Whether the app has queried the Hub at least once.
    away : str
        Why the Hub does not answer; empty if it does.
    slow : str
        Why answers from the Hub are late; empty if they are not.
    """
    drawn = [
        (title, [_card(*entry_and_status, looked) for entry_and_status in entries])
        for title, entries in panels.items()
    ]
    return render(
        "mission_control/board.html", away=away, slow=slow, panels=drawn, load=draw_load(load.report())
    )


def _card(entry: "Entry", status: Status, looked: bool) -> dict:
    state = entry["state"] if looked else "checking the Hub"
    progress = under_way.find(entry["key"], published=status.made)
    return {
        "entry": entry,
        "status": status,
        "state": state,
        "label": "Not published yet" if state == "not published" else state[:1].upper() + state[1:],
        "summary": status.entry.summary,
        "preset": status.facts.get("preset"),
        "figure": _figure(entry),
        "progress": progress if progress and not progress.problem else None,
        "drift": draw_drift(drift.report(status)),
    }


def _figure(entry: "Entry") -> dict[str, str] | None:
    """Return a model's headline number, how it was measured, and the same number for later data."""
    metric, forward = entry["headline"], entry["forward_in_time"]
    if metric is None:
        return None
    details = [", ".join(filter(None, [_split(metric), _counts(metric)]))]
    if metric["low"] is not None:
        details.append(
            f"95 % confidence interval {_short(metric['low'], metric)} to {_short(metric['high'], metric)}"
        )
    if metric["baseline"]:
        details.append(f"baselines: {_baselines(metric)}")
    return {
        "value": _short(metric["value"], metric),
        "name": metric["name"],
        "details": " · ".join(filter(None, details)),
        "later": _later(forward) if forward else "",
    }


def _later(metric: "Headline") -> str:
    against = f" ({_baselines(metric)})" if metric["baseline"] else ""
    number = f"{_split(metric)} {_short(metric['value'], metric)}{against}"
    return ", ".join(filter(None, [number, _counts(metric)]))


def _short(value: float, metric: "Headline") -> str:
    """Format a number for a summary: an accuracy in per cent, a reward with one decimal."""
    if metric["name"] == "accuracy":
        return f"{100 * value:.1f}\N{NO-BREAK SPACE}%"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:,.1f}"


def _split(metric: "Headline") -> str:
    return SPLITS.get(metric["split"], metric["split"] or "")


def _counts(metric: "Headline") -> str:
    """Format a number's sample size: ``11 failures in 188``."""
    if metric["n"] is None:
        return ""
    failures = metric["failures"]
    return f"n = {metric['n']}" if failures is None else f"{failures} failures in {metric['n']}"


def _baselines(metric: "Headline") -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {_short(value, metric)}" for name, value in metric["baseline"].items()
    )
