"""The look of the Lab's figures: colours that work in light and dark, sizes that fit a phone, animation."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

BLUE, ORANGE, TEAL, AMBER, VIOLET, GREY = "#5b78f0", "#d9643a", "#1f9e89", "#d99a1c", "#a463cf", "#8590ab"
COLOURS = (BLUE, ORANGE, TEAL, AMBER, VIOLET, GREY)
GRID, AXIS = "rgba(128,140,170,.18)", "rgba(128,140,170,.45)"


def figure(
    *traces: go.Scatter, x: str = "", y: str = "", height: int = 380, log_x: bool = False, log_y: bool = False
) -> go.Figure:
    """Return a figure of `traces` with named axes; the legend is above it."""
    return go.Figure(
        traces,
        {
            "height": height,
            "margin": {"l": 56, "r": 12, "t": 34, "b": 46},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": "IBM Plex Sans, sans-serif", "size": 13},
            "colorway": COLOURS,
            "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
            "dragmode": False,
            "template": {},
            "xaxis": _axis(x, 6, log_x),
            "yaxis": _axis(y, 4, log_y) | {"automargin": True},
        },
    )


def _axis(title: str, standoff: int, log: bool) -> dict:
    powers = {"type": "log", "exponentformat": "power", "nticks": 7} if log else {}
    lines = {"gridcolor": GRID, "zerolinecolor": AXIS, "linecolor": AXIS, "fixedrange": True}
    return {"title": {"text": title, "standoff": standoff}, **lines, **powers}


def play(
    chart: go.Figure, frames: Sequence[go.Frame], *, milliseconds: int = 40, redraw: bool = False
) -> go.Figure:
    """Give a figure `frames`, each with a name, a play button and a slider.

    Lines and points animate without it; colours and contours need `redraw`.
    """
    chart.frames = frames
    still = {"mode": "immediate", "frame": {"duration": 0, "redraw": redraw}, "transition": {"duration": 0}}
    moving = still | {"fromcurrent": True, "frame": {"duration": milliseconds, "redraw": redraw}}
    chart.update_layout(
        margin_b=104,
        updatemenus=[
            {
                "type": "buttons",
                "direction": "left",
                "x": 0,
                "y": 0,
                "xanchor": "left",
                "yanchor": "top",
                "pad": {"t": 56},
                "showactive": False,
                "bgcolor": "rgba(128,140,170,.12)",
                "bordercolor": AXIS,
                "buttons": [
                    {"label": "▶", "method": "animate", "args": [None, moving]},
                    {"label": "❚❚", "method": "animate", "args": [[None], still]},
                ],
            }
        ],
        sliders=[
            {
                "x": 0.36,
                "len": 0.64,
                "y": 0,
                "pad": {"t": 50},
                "ticklen": 0,
                "minorticklen": 0,
                "bgcolor": GRID,
                "bordercolor": AXIS,
                "currentvalue": {"xanchor": "right", "offset": 4, "font": {"size": 12}},
                # Only the current step has a name.
                "font": {"size": 1, "color": "rgba(0,0,0,0)"},
                "steps": [
                    {"label": frame.name, "method": "animate", "args": [[frame.name], still]}
                    for frame in frames
                ],
            }
        ],
    )
    return chart


def thin(points: np.ndarray, most: int) -> np.ndarray:
    """Return at most about `most` of the rows of `points`, evenly spaced, so that a figure stays fast."""
    return points[:: max(1, len(points) // most)]
