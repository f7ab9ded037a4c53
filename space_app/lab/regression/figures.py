"""Figures for Hubble's line in the Regression experiment: gradient descent, and the largest learning rate that still converges."""

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, GREY, ORANGE, TEAL, VIOLET, figure, play
from spacehub.lab import regression, regression_nebulae
from spacehub.lab.regression_nebulae import DISTANCE_MPC, NAMES, VELOCITY_KM_S, Learned

FRAMES = 40
SHARES = {0.02: GREY, 0.2: TEAL, 0.5: BLUE, 0.95: AMBER, 1.02: VIOLET}
# A diverging loss is drawn up to this many times the minimum.
CEILING = 1e4


def line(learned: Learned) -> go.Figure:
    """Plot the nebulae, the line from the normal equations, and the line during gradient descent."""
    ends = np.array([DISTANCE_MPC.argmin(), DISTANCE_MPC.argmax()])

    def heights(weights: np.ndarray) -> np.ndarray:
        return np.clip(learned.velocities(weights)[ends], -1e5, 1e5)

    def drawn(weights: np.ndarray, name: str, **ink) -> go.Scatter:
        return go.Scatter(x=DISTANCE_MPC[ends], y=heights(weights), mode="lines", name=name, line=ink)

    shown = np.unique(np.linspace(0, len(learned.path) - 1, FRAMES).astype(int))
    chart = figure(
        go.Scatter(
            x=DISTANCE_MPC,
            y=VELOCITY_KM_S,
            mode="markers",
            marker={"color": BLUE, "size": 8},
            text=NAMES,
            name="nebulae",
            hovertemplate="%{text}<br>%{x} Mpc, %{y} km/s<extra></extra>",
        ),
        drawn(learned.best, "normal equations", color=GREY, width=2, dash="dash"),
        drawn(learned.path[-1], "descent", color=ORANGE, width=3),
        x="distance, Mpc",
        y="velocity, km/s",
        height=460,
    )
    chart.layout.yaxis.range = (-500, 1250)
    frames = [(f"step {step}", {"y": heights(learned.path[step])}) for step in shown]
    return play(chart, 2, frames, milliseconds=90, start=-1)


def valley(learned: Learned) -> go.Figure:
    """Plot contours of the loss over intercept and slope, and the path of gradient descent."""
    reach = 1.25 * np.abs(learned.best).max() * np.array([1, 1])
    across, up = (
        np.linspace(middle - wide, middle + wide, 50)
        for middle, wide in zip(learned.best, reach, strict=True)
    )
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    heights = regression.loss(learned.design, VELOCITY_KM_S, grid) - learned.least
    chart = figure(
        go.Contour(
            x=across,
            y=up,
            z=np.log10(heights.astype(np.float32) + 1e-3 * learned.least).round(3),
            colorscale=[[0, "rgba(91,120,240,.45)"], [1, "rgba(91,120,240,.02)"]],
            showscale=False,
            contours={"coloring": "heatmap"},
            ncontours=14,
            line={"width": 0.7, "color": GREY},
            hoverinfo="skip",
        ),
        go.Scatter(
            x=learned.path[:, 0],
            y=learned.path[:, 1],
            mode="lines+markers",
            line={"color": ORANGE, "width": 1.5},
            marker={"size": 5},
            name="descent",
        ),
        go.Scatter(
            x=learned.best[:1],
            y=learned.best[1:],
            mode="markers",
            marker={"symbol": "x", "size": 10, "color": TEAL},
            name="normal equations",
        ),
        x="intercept",
        y="weight of the distance",
        height=360,
    )
    chart.layout.xaxis.range, chart.layout.yaxis.range = (across[0], across[-1]), (up[0], up[-1])
    return chart


def loss(learned: Learned) -> go.Figure:
    """Plot the loss, as a multiple of its minimum, against the step."""
    above = np.minimum(learned.losses / learned.least, CEILING)
    chart = figure(
        go.Scatter(x=np.arange(len(above)), y=above, line={"color": ORANGE}, name="descent"),
        go.Scatter(
            x=[0, len(above) - 1],
            y=[1, 1],
            mode="lines",
            line={"color": GREY, "dash": "dash"},
            name="normal equations",
        ),
        x="step",
        y="loss, times the minimum",
        height=300,
    )
    chart.layout.yaxis.range = (0.8, 1.3 * above[0])
    return chart


def rates(share: float, steps: int, standardised: bool) -> go.Figure:
    """Plot the loss against the step at many learning rates (fractions of the bound). The chosen rate is orange."""
    traces = []
    for part, colour in {**SHARES, share: ORANGE}.items():
        learned = regression_nebulae.learn(share=part, steps=steps, standardised=standardised)
        above = np.clip(learned.losses / learned.least, 1, CEILING)
        ink = {"color": colour, "width": 3 if part == share else 1.5}
        traces.append(go.Scatter(x=np.arange(len(above)), y=above, name=f"{part:g}", line=ink))
    chart = figure(*traces, x="step", y="loss, times the minimum", log_y=True, height=360)
    chart.layout.yaxis.range, chart.layout.yaxis.dtick = (-0.05, 2.05), 1
    chart.layout.legend.title = {"text": "rate / bound  "}
    return chart


def bound(learned: Learned, shares: np.ndarray, after: np.ndarray, share: float) -> go.Figure:
    """Plot the final loss against the learning rate, with the bound and the chosen rate."""
    above = np.minimum(after / learned.least, CEILING)
    chart = figure(
        go.Scatter(x=shares * learned.bound, y=above, line={"color": BLUE}, name="loss after the steps"),
        x="learning rate",
        y="loss, times the minimum",
        log_y=True,
        height=340,
    )
    chart.layout.yaxis.dtick = 1
    for at, words, colour, place in (
        (learned.bound, "2/λmax", GREY, "top left" if share > 1 else "top right"),
        (share * learned.bound, "chosen", ORANGE, "top right" if share > 1 else "top left"),
    ):
        chart.add_vline(
            x=at,
            line={"color": colour, "dash": "dash"},
            annotation={"text": words, "font": {"color": colour}},
            annotation_position=place,
        )
    return chart
