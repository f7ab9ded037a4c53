"""Figures for the Orbits experiment: an orbit around its central body and the drift along it."""

import math

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, COLOURS, GREY, ORANGE, TEAL, figure, play, thin
from space_app.lab.quantities import duration
from spacehub.lab import kepler
from spacehub.lab.constants import EARTH_RADIUS, GM_EARTH
from spacehub.lab.gravity import Trajectory, drift, specific_angular_momentum
from spacehub.lab.integrators import METHODS

FRAMES = 48
INK = dict(zip(METHODS, (ORANGE, TEAL, BLUE), strict=True))


def path(orbit: kepler.Orbit, motion: Trajectory, method: str) -> go.Figure:
    """Plot the orbit computed by an integrator on top of the exact orbit."""
    scale, unit = (1e6, "1000 km") if orbit.about == "Earth" else (1.495978707e11, "au")
    exact = kepler.place(orbit, np.linspace(0, orbit.period, 240)) / scale
    exact = np.concatenate([exact, exact[:1]])
    way = motion.position / scale
    drawn = thin(way, 1500)
    reach = 1.6 * np.abs(exact).max()
    chart = figure(
        _body(orbit, scale),
        go.Scatter(x=exact.real, y=exact.imag, name="exact", line={"color": GREY, "dash": "dot"}),
        go.Scatter(x=drawn.real, y=drawn.imag, name=method, line={"color": INK[method], "width": 1.6}),
        go.Scatter(
            x=way[:1].real,
            y=way[:1].imag,
            mode="markers",
            marker={"size": 11, "color": AMBER},
            showlegend=False,
        ),
        x=unit,
        y=unit,
        height=480,
    )
    # Euler's orbit spirals out; points outside the frame are cut.
    for axis, ours, true in (
        (chart.layout.xaxis, way.real, exact.real),
        (chart.layout.yaxis, way.imag, exact.imag),
    ):
        low = min(max(ours.min(), -reach), true.min())
        high = max(min(ours.max(), reach), true.max())
        axis.range = (low - 0.05 * reach, high + 0.05 * reach)
    chart.layout.yaxis.scaleanchor = "x"
    return play(chart, 3, _frames(way, motion.time))


def drifts(orbit: kepler.Orbit, runs: dict, energies: dict) -> go.Figure:
    """Plot the drift in energy and angular momentum for each integrator."""
    traces = []
    for method, moved in runs.items():
        turning = np.abs(drift(specific_angular_momentum(moved)))
        for name, values, dash in ("energy", np.abs(energies[method]), "solid"), ("momentum", turning, "dot"):
            drawn = thin(np.stack([moved.time / orbit.period, values], axis=1)[1:], 500)
            traces.append(
                go.Scatter(
                    x=drawn[:, 0],
                    y=np.maximum(drawn[:, 1], 1e-17),
                    name=method,
                    showlegend=name == "energy",
                    line={"color": INK[method], "width": 1.5, "dash": dash},
                )
            )
    return figure(*traces, x="orbits", y="drift of energy (dotted: angular momentum)", log_y=True, height=360)


def transfer_path(transfer: kepler.Transfer) -> go.Figure:
    """Plot two circular orbits and the half ellipse between them."""
    angle = np.linspace(0, 2 * math.pi, 180)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1) / 1e6
    start, end = transfer.start_radius, transfer.end_radius
    ellipse = kepler.Orbit(
        name="transfer",
        axis=(start + end) / 2,
        eccentricity=abs(end - start) / (start + end),
        gm=GM_EARTH,
        radius=EARTH_RADIUS,
        about="Earth",
    )
    time = np.linspace(0, ellipse.period / 2, 90) + (ellipse.period / 2 if end < start else 0)
    way = kepler.place(ellipse, time) / 1e6
    chart = figure(
        _body(ellipse, 1e6),
        *(
            go.Scatter(x=r * circle[:, 0], y=r * circle[:, 1], name=name, line={"color": ink, "width": 1.6})
            for r, name, ink in ((start, "from", COLOURS[2]), (end, "to", COLOURS[4]))
        ),
        go.Scatter(x=way.real, y=way.imag, name="transfer", line={"color": ORANGE, "dash": "dash"}),
        go.Scatter(
            x=way[:1].real,
            y=way[:1].imag,
            mode="markers",
            marker={"size": 11, "color": AMBER},
            showlegend=False,
        ),
        x="1000 km",
        y="1000 km",
        height=480,
    )
    chart.layout.yaxis.scaleanchor = "x"
    return play(chart, 4, _frames(way, time - time[0]))


def _frames(way: np.ndarray, time: np.ndarray) -> list[tuple[str, dict]]:
    """Return frames that move one marker along a path."""
    shown = np.unique(np.linspace(0, len(way) - 1, FRAMES).astype(int))
    return [(duration(time[k]), {"x": [way[k].real], "y": [way[k].imag]}) for k in shown]


def _body(orbit: kepler.Orbit, scale: float) -> go.Scatter:
    """Draw the central body at its true size, over a dot that stays visible if the body is too small to see."""
    angle = np.linspace(0, 2 * math.pi, 60)
    return go.Scatter(
        x=[*(orbit.radius / scale * np.cos(angle)), None, 0],
        y=[*(orbit.radius / scale * np.sin(angle)), None, 0],
        fill="toself",
        mode="lines+markers",
        marker={"size": [0] * 61 + [7]},
        line={"color": AMBER if orbit.about == "Sun" else BLUE},
        name=f"{orbit.about}, true size",
        hoverinfo="skip",
    )
