"""Figures for the Numerics experiment: errors against step size, run times against size, and rotated outlines."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, GREY, ORANGE, TEAL, figure

# Errors of zero are drawn at this value, because the axis is logarithmic.
LEAST = 1e-17


def errors(
    steps: np.ndarray, by_kind: Mapping[str, np.ndarray], step: float, here: Mapping[str, float]
) -> go.Figure:
    """Plot the error of each difference quotient at all step sizes, and mark the chosen step size."""
    ink = {"forward": ORANGE, "central": TEAL}
    traces = [
        go.Scatter(x=steps, y=np.maximum(values, LEAST), name=kind, mode="lines", line={"color": ink[kind]})
        for kind, values in by_kind.items()
    ]
    round_off = np.finfo(float).eps / steps
    traces.append(
        go.Scatter(
            x=steps, y=round_off, name="round-off, ε/step", line={"color": GREY, "dash": "dot", "width": 1}
        )
    )
    traces.append(
        go.Scatter(
            x=[step] * len(here),
            y=[max(error, LEAST) for error in here.values()],
            mode="markers",
            marker={"size": 10, "color": AMBER},
            showlegend=False,
        )
    )
    chart = figure(*traces, x="step size", y="error", log_x=True, log_y=True, height=440)
    chart.layout.yaxis.range = (-14, 1.5)
    return chart


def costs(timed: Sequence[Mapping[str, float]]) -> go.Figure:
    """Plot the run times of both methods in seconds (``plain_s`` and ``numpy_s``) against the matrix size (``size``)."""
    sizes = [cost["size"] for cost in timed]
    return figure(
        *(
            go.Scatter(
                x=sizes,
                y=[1e6 * cost[key] for cost in timed],
                name=name,
                mode="lines+markers",
                line={"color": colour},
            )
            for key, name, colour in (("plain_s", "plain Python", ORANGE), ("numpy_s", "NumPy", BLUE))
        ),
        x="rows and columns",
        y="time (µs)",
        log_y=True,
        height=380,
    )


def rocket(outlines: Sequence[list[list[float]]]) -> go.Figure:
    """Draw an outline before the first rotation, after the last rotation, and at the last steps in between."""
    between = outlines[1:-1][-24:]
    faint = [point for outline in between for point in [*outline, [None, None]]]
    traces = [
        ("rotations in between", faint, GREY, 1),
        ("start", outlines[0], BLUE, 2),
        ("end", outlines[-1], ORANGE, 3),
    ]
    chart = figure(
        *(
            go.Scatter(
                x=[point[0] for point in points],
                y=[point[1] for point in points],
                name=name,
                mode="lines",
                line={"color": colour, "width": width},
            )
            for name, points, colour, width in traces
        ),
        height=420,
    )
    chart.layout.xaxis.range = chart.layout.yaxis.range = (-1.9, 1.9)
    chart.layout.yaxis.scaleanchor = "x"
    return chart
