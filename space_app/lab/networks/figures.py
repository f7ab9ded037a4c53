"""Figures for the Neural nets experiment: decision surface, losses, misclassified digits, and gradients."""

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, GREY, ORANGE, TEAL, figure, play
from space_app.lab.networks.api import Lesson
from spacehub.lab.networks_check import GradientCheck

FRAMES, FINE, REACH = 24, 44, 1.4
# The number of misclassified digits drawn, in total and per row.
TILES, ACROSS, SIDE = 15, 5, 8


def moments(lesson: Lesson, most: int = FRAMES) -> np.ndarray:
    """Return epochs from 0 to the last, closer together at the beginning, where most changes happen."""
    last = len(lesson.history.losses)
    return np.unique(np.concatenate([[0], np.geomspace(1, max(last, 1), most).round()])).astype(int)[
        : last + 1
    ]


def surface_figure(lesson: Lesson) -> go.Figure:
    """Animate the network's prediction for every point of the plane over the epochs, with the training points."""
    side = np.linspace(-REACH, REACH, FINE)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    shown = moments(lesson)
    # Whole percentages stored as bytes: a tenth of the data that the page would otherwise load.
    surfaces = [
        np.rint(100 * lesson.history.network(epoch).chances(grid)[:, 1]).astype(np.uint8).reshape(FINE, FINE)
        for epoch in shown
    ]
    x, labels = lesson.seen
    chart = figure(
        # Bands, not a heatmap: a heatmap is an image, which flickers during playback.
        go.Contour(
            x=side,
            y=side,
            z=surfaces[-1],
            zmin=0,
            zmax=100,
            contours={"start": 5, "end": 95, "size": 10, "showlines": False},
            colorscale=[(0, ORANGE), (0.5, "#f3f1ec"), (1, BLUE)],
            showscale=False,
            opacity=0.75,
            hovertemplate="%{z} % blue<extra></extra>",
        ),
        *(
            go.Scatter(
                x=x[labels == label, 0],
                y=x[labels == label, 1],
                name=name,
                mode="markers",
                marker={"size": 6, "color": ink, "line": {"color": "white", "width": 1}},
                hoverinfo="skip",
            )
            for label, name, ink in ((0, "orange", ORANGE), (1, "blue", BLUE))
        ),
        height=520,
    )
    for axis in chart.layout.xaxis, chart.layout.yaxis:
        axis.range, axis.showgrid, axis.zeroline, axis.dtick = (-REACH, REACH), False, False, 0.5
    chart.layout.xaxis.constrain, chart.layout.yaxis.scaleanchor = "domain", "x"
    frames = [(f"epoch {epoch}", {"z": surface}) for epoch, surface in zip(shown, surfaces, strict=True)]
    return play(chart, 0, frames, milliseconds=120, redraw=True, start=-1)


def losses_figure(lesson: Lesson) -> go.Figure:
    """Plot the loss on the training data and on the held-out data, without dropout."""
    shown = moments(lesson)
    return figure(
        *(
            go.Scatter(
                x=shown,
                y=[lesson.loss(epoch, held=held) for epoch in shown],
                name=name,
                line={"color": ink, "width": 2},
            )
            for name, ink, held in (("training", TEAL, False), ("held out", ORANGE, True))
        ),
        x="epochs",
        y="loss (nats)",
        height=300,
    )


def shares_figure(lesson: Lesson) -> go.Figure:
    """Plot the fraction misclassified after each epoch."""
    shown = moments(lesson, 12)
    return figure(
        *(
            go.Scatter(
                x=shown,
                y=[100 * lesson.wrong(epoch, held=held) for epoch in shown],
                name=name,
                mode="lines+markers",
                line={"color": ink, "width": 2},
            )
            for name, ink, held in (("training", TEAL, False), ("held out", ORANGE, True))
        ),
        go.Scatter(
            x=[0, shown[-1]],
            y=[3, 3],
            name="3 %",
            mode="lines",
            line={"color": GREY, "dash": "dot", "width": 1},
        ),
        x="epochs",
        y="misclassified (%)",
        height=340,
        log_y=True,
    )


def misread_figure(lesson: Lesson) -> go.Figure:
    """Draw the misclassified held-out digits, starting with the most confident mistakes."""
    x, labels = lesson.held
    chances = lesson.history.network().chances(x)
    read = chances.argmax(axis=1)
    wrong = np.flatnonzero(read != labels)
    worst = wrong[np.argsort(chances[wrong, labels[wrong]])][:TILES]
    rows = max(1, -(-len(worst) // ACROSS))
    pitch = SIDE + 4
    picture = np.full((rows * pitch, ACROSS * pitch), np.nan)
    notes = []
    for number, digit in enumerate(worst):
        top, left = number // ACROSS * pitch, number % ACROSS * pitch
        picture[top : top + SIDE, left : left + SIDE] = x[digit].reshape(SIDE, SIDE)
        notes.append(
            {
                "x": left + SIDE / 2 - 0.5,
                "y": top + SIDE + 1,
                "text": f"{labels[digit]}, read {read[digit]}",
                "showarrow": False,
                "font": {"size": 12},
            }
        )
    chart = figure(
        go.Heatmap(
            z=picture,
            colorscale=[(0, "#10162b"), (1, AMBER)],
            showscale=False,
            hoverinfo="skip",
            zmin=0,
            zmax=1,
        ),
        height=40 + 112 * rows,
    )
    chart.layout.annotations = notes
    chart.layout.margin = {"l": 4, "r": 4, "t": 8, "b": 8}
    chart.layout.xaxis.visible = chart.layout.yaxis.visible = False
    chart.layout.yaxis.autorange, chart.layout.yaxis.scaleanchor = "reversed", "x"
    return chart


def beside_figure(check: GradientCheck) -> go.Figure:
    """Plot the difference quotient of each parameter against the gradient from backpropagation. Correct values lie on the diagonal."""
    ends = np.array([check.quotients.min(), check.quotients.max()])
    return figure(
        go.Scatter(x=ends, y=ends, name="equal", mode="lines", line={"color": GREY, "dash": "dot"}),
        go.Scatter(
            x=check.quotients,
            y=check.gradient,
            name="a parameter",
            mode="markers",
            marker={"size": 7, "color": BLUE, "opacity": 0.7},
        ),
        x="slope by difference quotient",
        y="by backpropagation",
        height=380,
    )


def steps_figure(steps: np.ndarray, errors: list[float], step: float, error: float) -> go.Figure:
    """Plot the difference between the two gradients against the step size of the difference quotient."""
    return figure(
        go.Scatter(x=steps, y=np.maximum(errors, 1e-17), name="distance", line={"color": TEAL, "width": 2}),
        go.Scatter(
            x=[step],
            y=[max(error, 1e-17)],
            name="your step size",
            mode="markers",
            marker={"size": 12, "color": AMBER},
        ),
        x="step size",
        y="distance |a − b| / (|a| + |b|)",
        height=340,
        log_x=True,
        log_y=True,
    )
