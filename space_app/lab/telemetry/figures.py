"""Figures for the Telemetry experiment."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, AXIS, BLUE, GREY, ORANGE, TEAL, VIOLET, figure
from spacehub.lab.telemetry.detectors import DETECTORS, FIRST_SECOND, Panel
from spacehub.lab.telemetry.flights import EVENTS, FIRST, QUANTITIES, SECOND, Flights
from spacehub.lab.telemetry.judge import Trial
from spacehub.lab.telemetry.spread import EVERY

STAGES = {SECOND: (BLUE, "then the second stage"), FIRST: (ORANGE, "then the first stage")}
INKS = dict(zip(DETECTORS, (BLUE, TEAL, VIOLET), strict=True))
# The label of the highlighted line; other lines show their names on hover.
NAMED = ("meco", "boostback_start", "apogee", "entry_start", "landing_start", "seco1")
EVERY_SECONDS = 3
TIME = "time since liftoff, s"


def ascents(
    flights: Flights, quantity: str, chosen: int, followed: str, event: str, second: int
) -> go.Figure:
    """Plot one quantity over time for every flight, and highlight one flight and its events."""
    name, unit = QUANTITIES[quantity]
    rows = [row for row in range(len(flights)) if followed in (EVERY, flights.followed[row])]
    traces, legend = [], set()
    for row in rows:
        colour, label = STAGES[flights.followed[row]]
        time, values = _record(flights, quantity, row, EVERY_SECONDS)
        traces.append(
            go.Scatter(
                x=time,
                y=values,
                mode="lines",
                line={"color": colour, "width": 1},
                opacity=0.5,
                name=label,
                legendgroup=label,
                showlegend=label not in legend,
                hovertemplate=f"%{{y:.4g}} {unit}, T+%{{x}} s<extra>{flights.launches[row]}</extra>",
            )
        )
        legend.add(label)
    times = flights.events[event][rows]
    dated = np.array(rows)[np.isfinite(times)]
    traces.append(
        go.Scatter(
            x=flights.events[event][dated],
            y=[_at(flights, quantity, row, flights.events[event][row]) for row in dated],
            mode="markers",
            marker={"color": GREY, "size": 6, "line": {"color": "white", "width": 0.5}},
            name=f"{EVENTS[event]}, {len(dated)}",
            text=[flights.launches[row] for row in dated],
            hovertemplate=f"{EVENTS[event]} at T+%{{x}} s<extra>%{{text}}</extra>",
        )
    )
    chart = figure(*traces, *_highlight(flights, quantity, chosen), x=TIME, y=f"{name}, {unit}", height=500)
    chart.add_vline(second, line={"color": GREY, "width": 1, "dash": "dot"})
    chart.update_layout(hovermode="closest", margin_t=64, uirevision=quantity)
    return chart


def _highlight(flights: Flights, quantity: str, row: int) -> list[go.Scatter]:
    colour, _ = STAGES[flights.followed[row]]
    time, values = _record(flights, quantity, row, 1)
    dated = {
        event: times[row] for event, times in flights.events.items() if times[row] < flights.seconds[row]
    }
    return [
        go.Scatter(
            x=time,
            y=values,
            mode="lines",
            line={"color": colour, "width": 4},
            name=flights.launches[row],
            hovertemplate=f"%{{y:.4g}} {QUANTITIES[quantity][1]}, T+%{{x}} s<extra>%{{fullData.name}}</extra>",
        ),
        go.Scatter(
            x=list(dated.values()),
            y=[_at(flights, quantity, row, when) for when in dated.values()],
            mode="markers+text",
            marker={"color": AMBER, "size": 10, "line": {"color": "white", "width": 1}},
            text=[EVENTS[event] if event in NAMED else "" for event in dated],
            textposition=["bottom right" if event == "meco" else "top center" for event in dated],
            textfont_size=12,
            cliponaxis=False,
            customdata=[EVENTS[event] for event in dated],
            hovertemplate="%{customdata} at T+%{x} s<extra></extra>",
            name="its events",
        ),
    ]


def _record(flights: Flights, quantity: str, row: int, every: int) -> tuple[np.ndarray, np.ndarray]:
    seconds = np.arange(0, flights.seconds[row], every)
    return seconds, flights.values[quantity][row, seconds].astype(np.float32)


def _at(flights: Flights, quantity: str, row: int, second: float) -> float | None:
    """Return the value at a given second, or None after the end of the record."""
    value = (
        flights.values[quantity][row, int(second)] if second < flights.values[quantity].shape[1] else np.nan
    )
    return None if np.isnan(value) else float(value)


def events(flights: Flights, chosen: int, followed: str) -> go.Figure:
    """Plot the time of each event in each flight as a tick, and highlight the ticks of one flight."""
    names = list(EVENTS.values())[::-1]
    traces = []
    for stage, (colour, label) in STAGES.items():
        rows = [row for row in range(len(flights)) if flights.followed[row] == stage]
        if followed not in (EVERY, stage) or not rows:
            continue
        marked = [
            (times[row], EVENTS[event], flights.launches[row])
            for event, times in flights.events.items()
            for row in rows
            if np.isfinite(times[row])
        ]
        traces.append(
            _ticks(
                marked, label, {"color": colour, "size": 12, "symbol": "line-ns-open", "line": {"width": 1.5}}
            )
        )
    events_of_flight = [
        (times[chosen], EVENTS[event], flights.launches[chosen])
        for event, times in flights.events.items()
        if np.isfinite(times[chosen])
    ]
    traces.append(
        _ticks(events_of_flight, flights.launches[chosen], {"color": AMBER, "size": 11, "symbol": "diamond"})
    )
    chart = figure(*traces, x=TIME, height=120 + 26 * len(names))
    return chart.update_yaxes(categoryorder="array", categoryarray=names, range=[-0.6, len(names) - 0.4])


def _ticks(marked: Sequence[tuple[float, str, str]], label: str, marker: dict) -> go.Scatter:
    return go.Scatter(
        x=[when for when, _, _ in marked],
        y=[event for _, event, _ in marked],
        text=[launch for _, _, launch in marked],
        mode="markers",
        marker=marker,
        name=label,
        hovertemplate="%{y} at T+%{x} s<extra>%{text}</extra>",
    )


def residual(panel: Panel, row: int, trial: Trial, onset: int) -> go.Figure:
    """Plot the speed reading with the fault, minus the median speed of the flights used to fit the detectors."""
    fold = panel.fold[row]
    known, normal = panel.speed[panel.fold != fold], panel.judging(fold).fitted.profile.speed
    second = np.arange(len(normal))
    low, high = np.quantile(known - normal, [0.05, 0.95], axis=0)
    band = go.Scatter(
        x=np.concatenate([second, second[::-1]]),
        y=np.concatenate([high, low[::-1]]).astype(np.float32),
        fill="toself",
        fillcolor="rgba(133,144,171,.22)",
        line={"width": 0},
        name="nine of ten other flights",
        hoverinfo="skip",
    )
    lines = [
        go.Scatter(
            x=second,
            y=(speed - normal).astype(np.float32),
            mode="lines",
            line={"color": colour, "width": 2.5},
            name=name,
            hovertemplate="%{y:.1f} m/s at T+%{x} s<extra>" + name + "</extra>",
        )
        for speed, colour, name in (
            (panel.speed[row], GREY, "without the fault"),
            (trial.speed, ORANGE, "with the fault"),
        )
    ]
    chart = figure(band, *lines, x=TIME, y="speed less the median, m/s", height=330)
    return _onset(chart, onset)


def scores(trial: Trial, onset: int, faulty: bool) -> go.Figure:
    """Plot each detector's score relative to its threshold and its first alarm."""
    second = FIRST_SECOND + np.arange(len(trial.scores))
    chart = figure(x=TIME, y="score over threshold", height=360, log_y=True)
    for place, (name, colour) in enumerate(INKS.items()):
        over = (trial.scores[:, place] / trial.thresholds[place]).astype(np.float32)
        chart.add_scatter(
            x=second,
            y=over,
            mode="lines",
            line={"color": colour, "width": 2},
            name=name,
            hovertemplate="%{y:.2f} at T+%{x} s<extra>" + name + "</extra>",
        )
        first = trial.first[place]
        if first is not None:
            verdict = "false alarm" if first < onset or not faulty else "noticed"
            chart.add_scatter(
                x=[first],
                y=[over[first - FIRST_SECOND]],
                mode="markers",
                marker={
                    "color": colour,
                    "size": 13,
                    "symbol": "star" if verdict == "noticed" else "x",
                    "line": {"color": "white", "width": 1},
                },
                showlegend=False,
                hovertemplate=f"{verdict} at T+%{{x}} s<extra>{name}</extra>",
            )
    chart.add_hline(1, line={"color": AXIS, "width": 2, "dash": "dash"})
    chart.update_xaxes(range=[-2, 137])
    ticks = [0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000]
    chart.update_yaxes(tickvals=ticks, ticktext=[f"{tick:g}" for tick in ticks])
    return _onset(chart, onset)


def _onset(chart: go.Figure, onset: int) -> go.Figure:
    chart.add_vline(onset, line={"color": AMBER, "width": 2, "dash": "dot"})
    return chart


def judged(rows: Sequence[Mapping], settings: Mapping, measure: str) -> go.Figure:
    """Plot a performance measure of each detector against the size of a fault, with its interval or quartiles."""
    value, low, high = {
        "recall": ("recall", "recall_low", "recall_high"),
        "precision": ("precision", "precision_low", "precision_high"),
        "delay": ("delay_s", "delay_low_s", "delay_high_s"),
    }[measure]
    sizes = list(dict.fromkeys(row["size"] for row in rows))
    chart = figure(
        x=f"size, {rows[0]['unit']}",
        y="delay, s (quartiles)" if measure == "delay" else f"{measure} (95 %)",
        height=380,
    )
    for place, (name, colour) in enumerate(INKS.items()):
        rows_of_detector = [row for row in rows if row["detector"] == name and row[value] is not None]
        chart.add_scatter(
            x=[sizes.index(row["size"]) + 0.09 * (place - 1) for row in rows_of_detector],
            y=[row[value] for row in rows_of_detector],
            error_y={
                "array": [row[high] - row[value] for row in rows_of_detector],
                "arrayminus": [row[value] - row[low] for row in rows_of_detector],
                "thickness": 1.2,
                "width": 3,
            },
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker_size=8,
            name=name,
            customdata=[row["size"] for row in rows_of_detector],
            hovertemplate="%{y:.2f} at %{customdata} " + rows[0]["unit"] + "<extra>" + name + "</extra>",
        )
    chart.update_xaxes(
        tickvals=list(range(len(sizes))),
        ticktext=[f"{size:g}" for size in sizes],
        range=[-0.4, len(sizes) - 0.6],
    )
    if measure == "recall":
        chance = max(row["by_chance"] for row in settings["clean"])
        chart.add_hline(chance, line={"color": GREY, "width": 1.5, "dash": "dash"})
    if measure != "delay":
        chart.update_yaxes(range=[-0.03, 1.03])
    return chart
