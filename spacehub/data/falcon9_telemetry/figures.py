"""Draw the figures of the dataset's card: all ascents, and the times of the events."""

from pathlib import Path

import pandas as pd

from spacehub.data.falcon9_telemetry.table import EVENTS, FIRST, SECOND

COLOURS = {FIRST: "#d1495b", SECOND: "#2b59c3"}
GRID = "#e6e8ec"
PANELS = {
    "altitude_km": "altitude, km",
    "velocity_m_s": "velocity, m/s",
    "acceleration_m_s2": "acceleration due to engines and air, m/s²",
    "downrange_km": "downrange distance, km",
}


def draw(table: pd.DataFrame, folder: Path, *, note: str = "") -> None:
    """Draw the figures of `table` and its events into `folder` as PNG; `note` is appended to each title."""
    events = pd.DataFrame(table.attrs["events"])
    for name, function in {"ascents": _ascents, "events": _events}.items():
        function(table, events, note).savefig(folder / f"{name}.png", dpi=150, metadata={"Software": None})


def _ascents(table: pd.DataFrame, events: pd.DataFrame, note: str):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 7), layout="constrained", facecolor="white")
    figure.suptitle(f"Telemetry of {len(events)} Falcon 9 launches{note}", fontweight="bold")
    cut_off = events.set_index("launch")["meco"]
    for axes, (column, label) in zip(figure.subplots(2, 2, sharex=True).flat, PANELS.items(), strict=True):
        for launch, stage in events.set_index("launch")["followed"].items():
            rows = table[table["launch"] == launch]
            axes.plot(rows["time_s"], rows[column], color=COLOURS[stage], linewidth=0.7, alpha=0.7)
            row = rows[rows["time_s"] == cut_off[launch]]
            axes.plot(row["time_s"], row[column], ".", color="#222222", markersize=3, zorder=3)
        _dress(axes, "time since liftoff, s" if column in list(PANELS)[2:] else "", label)
    lines = [
        axes.plot([], [], color=colour, label=f"record tracks the {stage}")[0]
        for stage, colour in COLOURS.items()
    ]
    lines += axes.plot([], [], ".", color="#222222", label="main engine cut-off")
    figure.legend(handles=lines, loc="outside lower center", ncols=3, frameon=False)
    return figure


def _events(table: pd.DataFrame, events: pd.DataFrame, note: str):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4.6), layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    figure.suptitle(f"Times of the events{note}", fontweight="bold")
    known = [event for event in EVENTS if events[event].notna().any()][::-1]
    for place, event in enumerate(known):
        for stage, colour in COLOURS.items():
            times = events.loc[events["followed"] == stage, event].dropna()
            axes.plot(times, [place] * len(times), "|", color=colour, markersize=11)
    axes.set_yticks(range(len(known)), [f"{event} ({events[event].notna().sum()})" for event in known])
    _dress(axes, "time since liftoff, s", "")
    return figure


def _dress(axes, x: str, y: str) -> None:
    axes.set(xlabel=x, ylabel=y)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(color=GRID)
