"""Figures for the Many bodies experiment: the paths of the Sun and the planets, and of spacecraft around a Lagrange point."""

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, COLOURS, GREY, TEAL, figure, play, thin
from space_app.lab.quantities import duration
from spacehub.lab import lagrange
from spacehub.lab.constants import ASTRONOMICAL_UNIT, DAY, JULIAN_YEAR, MOON_DISTANCE, SUN_RADIUS
from spacehub.lab.gravity import Trajectory
from spacehub.lab.planets import NAMES

FRAMES = 48


def planets(motion: Trajectory) -> go.Figure:
    """Plot and animate the paths of the Sun and the planets."""
    au = motion.position / ASTRONOMICAL_UNIT
    traces = []
    for number, name in enumerate(NAMES):
        # Each planet has its own number of points, because a year of Mercury needs as many as a year of
        # Neptune.
        way = thin(au[:, :2, number], 300 if number > 4 else 700)
        colour = AMBER if number == 0 else COLOURS[number % len(COLOURS)]
        line = {"color": colour, "width": 1}
        traces.append(
            go.Scatter(x=way[:, 0], y=way[:, 1], mode="lines", line=line, name=name, showlegend=False)
        )
    colours = [AMBER, *(COLOURS[number % len(COLOURS)] for number in range(1, len(NAMES)))]
    dots = {"mode": "markers+text", "marker": {"size": 9, "color": colours}, "textposition": "top center"}
    # Inside Jupiter's orbit the names would overlap.
    names = ["Sun", *[""] * 4, *NAMES[5:]]
    traces.append(go.Scatter(x=au[0, 0], y=au[0, 1], text=names, hovertext=NAMES, showlegend=False, **dots))
    chart = figure(*traces, x="au", y="au", height=520)
    chart.layout.yaxis.scaleanchor = "x"
    shown = np.unique(np.linspace(0, len(au) - 1, FRAMES).astype(int))
    frames = [(f"{2000 + motion.time[k] / JULIAN_YEAR:.1f}", {"x": au[k, 0], "y": au[k, 1]}) for k in shown]
    return play(chart, len(traces) - 1, frames, milliseconds=60)


def sun(motion: Trajectory) -> go.Figure:
    """Plot the path of the Sun's centre around the centre of mass, in solar radii."""
    way = thin(motion.position[:, :2, 0], 600) / SUN_RADIUS
    edge = np.exp(1j * np.linspace(0, 2 * np.pi, 90))
    chart = figure(
        go.Scatter(x=way[:, 0], y=way[:, 1], name="Sun's centre", line={"color": AMBER}),
        go.Scatter(x=edge.real, y=edge.imag, name="one solar radius", line={"color": GREY, "dash": "dot"}),
        go.Scatter(
            x=[0], y=[0], mode="markers", name="centre of mass", marker={"color": BLUE, "symbol": "x"}
        ),
        x="solar radii",
        y="solar radii",
        height=380,
    )
    chart.layout.yaxis.scaleanchor = "x"
    return chart


def craft(path: np.ndarray, places: dict, seconds: float) -> go.Figure:
    """Plot and animate the paths of the spacecraft (steps, spacecraft) in the rotating frame, in Earth-Moon distances."""
    scale, mu = MOON_DISTANCE / 1e6, lagrange.EARTH_MOON
    drawn = thin(path, 200) * scale
    # One line with gaps shows all spacecraft.
    lines = np.concatenate([drawn, np.full((1, drawn.shape[1]), np.nan)]).T.ravel()
    rest = np.array(list(places.values())) * scale
    bodies = np.array([-mu, 1 - mu]) * scale
    label = {"mode": "markers+text"}
    chart = figure(
        go.Scatter(
            x=lines.real, y=lines.imag, mode="lines", name="spacecraft", line={"color": TEAL, "width": 1}
        ),
        go.Scatter(
            x=rest.real,
            y=rest.imag,
            text=list(places),
            name="equilibrium points",
            marker={"color": GREY, "symbol": "x"},
            textposition=["bottom left", "bottom right", *["bottom center"] * 3],
            **label,
        ),
        go.Scatter(
            x=bodies,
            y=[0, 0],
            text=["Earth", "Moon"],
            showlegend=False,
            marker={"size": [14, 8], "color": [BLUE, GREY]},
            textposition="top center",
            **label,
        ),
        go.Scatter(
            x=drawn[0].real, y=drawn[0].imag, mode="markers", name="now", marker={"color": AMBER, "size": 6}
        ),
        x="1000 km, rotating with the Moon",
        y="1000 km",
        height=520,
    )
    chart.layout.xaxis.range, chart.layout.yaxis.range = (-600, 600), (-560, 560)
    chart.layout.yaxis.scaleanchor = "x"
    shown = np.unique(np.linspace(0, len(drawn) - 1, FRAMES).astype(int))
    frames = [
        (duration(seconds * k / (len(drawn) - 1)), {"x": drawn[k].real, "y": drawn[k].imag}) for k in shown
    ]
    return play(chart, 3, frames, milliseconds=60)


def distance(away: np.ndarray, seconds: float) -> go.Figure:
    """Plot the distance (km) of each spacecraft from the Lagrange point, shape (steps, spacecraft)."""
    drawn = thin(away, 250)
    time = np.linspace(0, seconds / DAY, len(drawn))
    return figure(
        *(
            go.Scatter(
                x=time, y=kilometres, line={"color": TEAL, "width": 1}, showlegend=False, hoverinfo="skip"
            )
            for kilometres in drawn.T
        ),
        x="days",
        y="distance from the point (km)",
        log_y=True,
        height=320,
    )
