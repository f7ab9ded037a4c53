"""Figures for overfitting: the polynomial and its errors against the degree and the ridge penalty."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, GREY, ORANGE, TEAL, VIOLET, figure
from spacehub.lab import regression_overfit as lab
from spacehub.lab.regression import powers

RIDGES = np.logspace(-6, 3, 46)


def curve(night: lab.Night, new: lab.Night, weights: np.ndarray) -> go.Figure:
    """Plot the star's true brightness, the measurements, and the polynomial."""
    fine = np.linspace(-1, 1, 300)
    chart = figure(
        go.Scatter(x=fine, y=lab.star(fine), name="truth", line={"color": GREY, "dash": "dash"}),
        go.Scatter(
            x=new.phase,
            y=new.brightness,
            name="new",
            mode="markers",
            marker={"color": TEAL, "size": 6, "symbol": "circle-open"},
        ),
        go.Scatter(
            x=night.phase,
            y=night.brightness,
            name="training",
            mode="markers",
            marker={"color": BLUE, "size": 8},
        ),
        go.Scatter(
            x=fine,
            y=np.clip(powers(fine, len(weights) - 1) @ weights, -9, 9),
            name=f"degree {len(weights) - 1}",
            line={"color": ORANGE, "width": 2.5},
        ),
        x="phase of the period",
        y="brightness, mag",
        height=400,
    )
    chart.layout.yaxis.range = (-1.3, 1.3)
    return chart


def degrees(by_degree: Mapping[int, tuple], chosen: int) -> go.Figure:
    """Plot the training error, the error on new measurements, and the expected error against the degree."""
    tried, (here, new, expected) = list(by_degree), zip(*by_degree.values(), strict=True)
    chart = figure(
        _line(tried, here, "training", BLUE, mode="lines+markers"),
        _line(tried, new, "new", TEAL, mode="lines+markers"),
        _line(tried, np.sqrt([parts.total for parts in expected]), "new, expected", ORANGE),
        _line(tried, np.sqrt([parts.bias for parts in expected]), "bias", VIOLET, dash="dot"),
        _line(tried, np.sqrt([parts.variance for parts in expected]), "spread", AMBER, dash="dot"),
        x="degree",
        y="error, mag",
        log_y=True,
        height=380,
    )
    chart.layout.yaxis.range = (-2.3, 0.7)
    chart.layout.yaxis.dtick = 1
    chart.add_vline(x=chosen, line={"color": GREY, "width": 1})
    return chart


def ridges(night: lab.Night, new: lab.Night, degree: int, noise: float, ridge: float) -> go.Figure:
    """Plot the expected error and its parts against the ridge penalty, and mark the chosen penalty."""
    expected = [
        lab.expected_error(night.phase, new.phase, degree, noise=noise, ridge=each) for each in RIDGES
    ]
    chart = figure(
        _line(RIDGES, np.sqrt([parts.total for parts in expected]), "new, expected", ORANGE),
        _line(RIDGES, np.sqrt([parts.bias for parts in expected]), "bias", VIOLET, dash="dot"),
        _line(RIDGES, np.sqrt([parts.variance for parts in expected]), "spread", AMBER, dash="dot"),
        x=f"ridge, at degree {degree}",
        y="error, mag",
        log_x=True,
        height=320,
    )
    if ridge:
        chart.add_vline(x=ridge, line={"color": GREY, "width": 1})
    return chart


def _line(
    x: Sequence[float],
    y: Sequence[float],
    name: str,
    colour: str,
    *,
    mode: str = "lines",
    dash: str = "solid",
) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=np.maximum(y, 1e-6),
        name=name,
        mode=mode,
        line={"color": colour, "dash": dash},
        marker={"size": 6},
    )
