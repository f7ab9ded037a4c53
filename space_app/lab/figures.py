"""The style of the Lab's figures: colours for light and dark mode, sizes that fit a phone, and animation."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

BLUE, ORANGE, TEAL, AMBER, VIOLET, GREY = "#5b78f0", "#d9643a", "#1f9e89", "#d99a1c", "#a463cf", "#8590ab"
COLOURS = (BLUE, ORANGE, TEAL, AMBER, VIOLET, GREY)
# The part of a figure's height that the player takes, in pixels.
PLAYER = 44
GRID, AXIS = "rgba(128,140,170,.18)", "rgba(128,140,170,.45)"


def figure(
    *traces: go.Scatter, x: str = "", y: str = "", height: int = 380, log_x: bool = False, log_y: bool = False
) -> go.Figure:
    """Return a figure of `traces` with titled axes and the legend above."""
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
    chart: go.Figure,
    trace: int,
    frames: Sequence[tuple[str, Mapping[str, object]]],
    *,
    milliseconds: int = 40,
    redraw: bool = False,
    start: int = 0,
) -> go.Figure:
    """Add to a figure a player that animates one trace; the page shows the player below the figure.

    Plotly's own player measures the label of every frame whenever the figure changes, which takes longer than
    drawing the figure. In addition, Plotly's Python package validates every frame.

    Parameters
    ----------
    chart : go.Figure
        The figure, which shows the frame `start`.
    trace : int
        The index of the trace.
    frames : sequence of tuple
        The name of each frame, and the trace properties that it changes.
    milliseconds : int
        The time between two frames.
    redraw : bool
        Whether the frames change more than lines and points, for example colours or contours.
    start : int
        The index of the frame shown first; -1 is the last frame.
    """
    player = {
        "trace": trace,
        "names": [name for name, _ in frames],
        "changes": [change for _, change in frames],
        "milliseconds": milliseconds,
        "redraw": redraw,
        "start": start % len(frames),
    }
    chart.layout.meta = (chart.layout.meta or {}) | {"player": player}
    chart.layout.height -= PLAYER
    return chart


def thin(points: np.ndarray, most: int) -> np.ndarray:
    """Return about `most` evenly spaced rows of `points` (all rows if there are fewer) to keep a figure fast."""
    return points[:: max(1, len(points) // most)]
