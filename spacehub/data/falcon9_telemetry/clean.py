"""Convert the source's files to one row per second. Values are unchanged, and defects are flagged."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.data import columns
from spacehub.data.falcon9_telemetry.table import COLUMNS, EVENTS, FIRST, FLAGS, SECOND, SOURCE_NAMES
from spacehub.lab.telemetry import webcasts

TELEMETRY, DATES = "analysed.json", "events.json"


def read(sources: Mapping[str, Path]) -> dict[str, tuple[dict, dict]]:
    """Read the telemetry and the events of each launch, by its name, from ``telemetry/<launch>/<file>.json``."""
    launches = {}
    for name in sorted(sources):
        _, launch, file = name.split("/")
        content = json.loads(Path(sources[name]).read_text(encoding="utf-8"))
        launches.setdefault(launch, {})[file] = content
    return {launch: (files[TELEMETRY], files[DATES]) for launch, files in launches.items()}


def clean(raw: Mapping[str, tuple[dict, dict]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Convert the result of `read` to the telemetry, one row per second, and the events, one row per launch.

    Raises
    ------
    ValueError
        If a launch has no main engine cut-off, an unknown event, or seconds that are not whole and in order.
    """
    kept = {launch: pair for launch, pair in raw.items() if webcasts.is_falcon_9(launch)}
    events = pd.DataFrame([_dates(launch, *pair) for launch, pair in kept.items()])
    telemetry = pd.concat([_rows(launch, *pair) for launch, pair in kept.items()], ignore_index=True)
    return columns.typed(telemetry, COLUMNS), events.astype(dict.fromkeys(EVENTS, "Int32"))


def followed(dates: Mapping[str, int | None]) -> str:
    """Return which stage the record follows after main engine cut-off: the stage that has its own events."""
    return SECOND if dates["ses1"] is not None else FIRST


def _rows(launch: str, telemetry: dict, dates: dict) -> pd.DataFrame:
    time = np.array(telemetry["time"])
    if not np.array_equal(time, np.arange(len(time))):
        raise ValueError(f"The times of {launch} are not the consecutive seconds 0, 1, 2, …")
    rows = pd.DataFrame({ours: telemetry[theirs] for ours, theirs in SOURCE_NAMES.items()}, dtype=float)
    wrong = defects(rows)
    names = np.array(list(FLAGS))
    flags = [names[row].tolist() for row in np.column_stack([wrong[flag] for flag in FLAGS])]
    return rows.assign(
        launch=launch,
        time_s=time.astype(int),
        tracked=np.where(time <= dates["meco"], FIRST, followed(dates)),
        flags=flags,
    )


def _dates(launch: str, telemetry: dict, dates: dict) -> dict:
    if missing := set(EVENTS) - set(dates):
        raise ValueError(f"These events are missing for {launch}: {', '.join(sorted(missing))}")
    if unknown := set(dates) - set(EVENTS):
        raise ValueError(f"{launch} has unknown events: {', '.join(sorted(unknown))}")
    if dates["meco"] is None:
        raise ValueError(f"The time of the event 'meco' is missing for {launch}")
    return {
        "launch": launch,
        "followed": followed(dates),
        "seconds": len(telemetry["time"]),
        **{event: dates[event] for event in EVENTS},
    }


def defects(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return, for each of `table.FLAGS`, which seconds of one launch have the flag."""
    speed, across, up, height, angle = (
        rows[name].to_numpy()
        for name in (
            "velocity_m_s",
            "velocity_horizontal_m_s",
            "velocity_vertical_m_s",
            "altitude_km",
            "angle_deg",
        )
    )
    second = np.arange(len(rows))
    bend = np.abs(_inner(speed[1:-1] - (speed[2:] + speed[:-2]) / 2))
    straight = np.concatenate([[False], bend[1:-1] < 0.005, [False]])
    climb = np.abs(np.diff(height) * 1000 - (up[1:] + up[:-1]) / 2)
    return {
        "moving_at_start": (second == 0) & (speed > 1),
        "velocity_spike": (second < 30) & (bend > 2),
        "velocity_straight": _widened(straight, 8),
        "components_disagree": np.abs(np.hypot(across, up) - speed) > 5,
        "altitude_held": _widened(np.concatenate([[False], np.diff(height) == 0]), 10, after=False),
        "altitude_jump": np.concatenate([[False], climb > 200]),
        "angle_unset": (second < 10) & (angle < 85),
    }


def _inner(values: np.ndarray) -> np.ndarray:
    return np.concatenate([[0.0], values, [0.0]])


def _widened(marked: np.ndarray, least: int, *, after: bool = True) -> np.ndarray:
    """Mark whole stretches of at least `least` seconds.

    A mark means that a second continues the previous second and, with `after`, that the next second
    continues it. Therefore, a stretch includes the second before its first mark and, with `after`, the
    second after its last mark.
    """
    out = np.zeros(len(marked), dtype=bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], marked.astype(int), [0]])))
    for first, end in edges.reshape(-1, 2):
        start, stop = max(first - 1, 0), end + after
        if stop - start >= least:
            out[start:stop] = True
    return out
