"""Figures of the Lander tab: telemetry over time, and the returns of many flights."""

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from space_app.served.flights import Flown, Many

COLOURS = ("#4c6bf0", "#e07a3f")
LINES = {"gridcolor": "rgba(128,140,170,.18)", "zerolinecolor": "rgba(128,140,170,.4)", "fixedrange": True}
ENGINES = ["nothing", "left", "main", "right"]
PANELS = ["altitude, m", "speed, m/s", "angle, °", "fuel used, points", "engine"]
BIN = 20


def over_time(flown: Sequence[Flown]) -> go.Figure:
    """Draw altitude, speed, angle, fuel and the firing engine in rows over one time axis."""
    from spacehub.serving.lander.telemetry import engines, telemetry

    figure = make_subplots(rows=5, cols=1, shared_xaxes=True, vertical_spacing=0.055)
    for place, one in enumerate(flown):
        seen, colour = telemetry(one.flight), COLOURS[place]
        series = seen.altitude, seen.speed, seen.angle, seen.fuel
        for row, values in enumerate(series, 1):
            figure.add_scatter(
                x=seen.time,
                y=values.round(3),
                mode="lines",
                line={"color": colour, "width": 2},
                name=one.who.pilot.title,
                showlegend=len(flown) > 1 and row == 1,
                legendgroup=place,
                hovertemplate="%{y:.1f}",
                row=row,
                col=1,
            )
        # The marks of two agents share each row.
        shift = (0.0 if len(flown) == 1 else 0.17) * (1 if place == 0 else -1)
        figure.add_scatter(
            x=seen.time[:-1],
            y=engines(one.flight) + shift,
            mode="markers",
            marker={"symbol": "line-ns-open", "size": 9 if len(flown) == 1 else 6, "color": colour},
            name=one.who.pilot.title,
            showlegend=False,
            hoverinfo="skip",
            row=5,
            col=1,
        )
    for row, words in enumerate(PANELS, 1):
        figure.add_annotation(
            text=words,
            x=0,
            xref="paper",
            xanchor="left",
            y=1,
            yref=_domain(row),
            yanchor="bottom",
            showarrow=False,
        )
    _dress(figure, 660)
    figure.update_layout(
        hovermode="x unified", legend={"orientation": "h", "y": 1.05, "x": 1, "xanchor": "right"}
    )
    figure.update_yaxes(nticks=4, automargin=True, **LINES)
    figure.update_yaxes(
        tickvals=[0, 1, 2, 3], ticktext=ENGINES, range=[-0.5, 3.5], nticks=None, row=5, col=1, zeroline=False
    )
    figure.update_xaxes(**LINES)
    figure.update_xaxes(title_text="seconds", title_standoff=6, row=5, col=1)
    return figure


def returns(results: Sequence[Many]) -> go.Figure:
    """Draw a histogram of the flights' returns."""
    figure = go.Figure()
    for place, result in enumerate(results):
        figure.add_histogram(
            x=result.returns.round(2),
            xbins={"size": BIN, "start": -1000, "end": 400},
            marker={"color": COLOURS[place], "line": {"width": 0}},
            opacity=0.85 if len(results) == 1 else 0.6,
            name=result.who.pilot.title,
            hovertemplate="%{x} points: %{y} flights",
        )
    _dress(figure, 280)
    figure.update_layout(
        barmode="overlay",
        bargap=0.04,
        showlegend=len(results) > 1,
        legend={"orientation": "h", "y": 1.14, "x": 0},
    )
    figure.update_xaxes(title_text="return, points", title_standoff=6, **LINES)
    figure.update_yaxes(title_text="flights", nticks=5, **LINES)
    return figure


def _domain(row: int) -> str:
    return "y domain" if row == 1 else f"y{row} domain"


def _dress(figure: go.Figure, height: int) -> None:
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 36, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "IBM Plex Sans, sans-serif", "size": 13},
        dragmode=False,
    )
