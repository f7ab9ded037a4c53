"""Figures for the Bayes experiment: how a probability changes with each observation or word."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, GREY, ORANGE, TEAL, figure


def belief(chances: np.ndarray, seen: np.ndarray) -> go.Figure:
    """Plot the probability of a signal before and after each observation, and mark which observations showed a peak."""
    look = np.arange(len(chances))
    inks = [GREY, *(TEAL if peak else ORANGE for peak in seen)]
    chart = figure(
        go.Scatter(
            x=look,
            y=chances,
            mode="lines+markers",
            line={"color": BLUE, "width": 1.5},
            marker={"size": 10, "color": inks},
            text=["before", *("peak" if peak else "no peak" for peak in seen)],
            showlegend=False,
        ),
        *(
            go.Scatter(x=[None], y=[None], name=name, mode="markers", marker={"size": 10, "color": ink})
            for name, ink in (("peak", TEAL), ("no peak", ORANGE))
        ),
        x="observation",
        y="probability of a signal",
        height=420,
    )
    chart.layout.yaxis.range = (-0.04, 1.04)
    return chart


def words(read: Sequence[str], chances: np.ndarray) -> go.Figure:
    """Plot the predicted probability of spam before and after the model reads each word."""
    steps = np.diff(chances)
    chart = figure(
        go.Scatter(
            x=np.arange(len(chances)),
            y=chances,
            mode="lines+markers",
            line={"color": BLUE, "width": 1.5, "shape": "hv"},
            marker={"size": 9, "color": [AMBER, *(ORANGE if step > 0 else TEAL for step in steps)]},
            showlegend=False,
        ),
        *(
            go.Scatter(x=[None], y=[None], name=name, mode="markers", marker={"size": 9, "color": ink})
            for name, ink in (("towards spam", ORANGE), ("away from spam", TEAL))
        ),
        y="probability of spam",
        height=420,
    )
    shown = [0, *range(1, len(read) + 1, max(1, len(read) // 16))]
    chart.layout.xaxis.tickvals, chart.layout.xaxis.ticktext = shown, [["before", *read][k] for k in shown]
    chart.layout.xaxis.tickangle = -45
    chart.layout.xaxis.automargin = True
    chart.layout.yaxis.range = (-0.04, 1.04)
    return chart
