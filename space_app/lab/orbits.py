"""Orbits: what three integrators make of one, and the cheapest way from one circle to another."""

import math
from collections.abc import Sequence

import gradio as gr
import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, COLOURS, GREY, ORANGE, TEAL, figure, play, thin
from space_app.lab.frame import Bench, Experiment, View
from space_app.lab.orbits_api import FEWEST, MOST, ORBITS, lab_hohmann, lab_orbit, largest_drift, off_by, run
from space_app.lab.quantities import duration, kilometres, share
from space_app.watch import Watch
from spacehub.lab import kepler
from spacehub.lab.constants import EARTH_RADIUS, GM_EARTH
from spacehub.lab.gravity import (
    Trajectory,
    drift,
    specific_angular_momentum,
    specific_energy,
)
from spacehub.lab.integrators import METHODS

FRAMES = 48
INK = dict(zip(METHODS, (ORANGE, TEAL, BLUE), strict=True))


def _orbit_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Dropdown(list(kepler.ORBITS), value="Molniya", label="Orbit"),
        gr.Radio(list(METHODS), value="leapfrog", label="Integrator"),
        gr.Slider(FEWEST, MOST, 240, step=4, label="Steps an orbit", info="Fewer steps are longer ones."),
        gr.Slider(1, ORBITS, 4, step=1, label="Orbits"),
    ]


def _show_orbit(name: str, method: str, per_orbit: int, orbits: int) -> View:
    orbit, motion = run(name, method, per_orbit, orbits)
    others = {other: run(name, other, per_orbit, orbits)[1] for other in METHODS if other != method}
    runs = {other: others.get(other, motion) for other in METHODS}
    energies = {other: drift(specific_energy(orbit.gm, moved)) for other, moved in runs.items()}
    turning = drift(specific_angular_momentum(motion))
    error, end = off_by(orbit, motion), duration(motion.time[-1])
    return View(
        figures=[_orbit_figure(orbit, motion, method), _drift_figure(orbit, runs, energies)],
        numbers={
            "Period (Kepler's third law)": duration(orbit.period),
            f"Lowest above the {orbit.about}": kilometres(orbit.periapsis - orbit.radius),
            f"Highest above the {orbit.about}": kilometres(orbit.apoapsis - orbit.radius),
            "Speed at the lowest point (vis-viva)": f"{orbit.speed(orbit.periapsis) / 1e3:.3f} km/s",
            "Speed at the highest point (vis-viva)": f"{orbit.speed(orbit.apoapsis) / 1e3:.3f} km/s",
            "Step": duration(orbit.period / per_orbit),
            **{f"Energy drift, {other}": share(largest_drift(energies[other])) for other in METHODS},
            f"Angular momentum drift, {method}": share(largest_drift(turning)),
        },
        answer=f"After {end}, {method} with {per_orbit:.0f} steps an orbit puts {_named(name)} {kilometres(error)} "
        f"from where Kepler's equation has it; its energy drifted by up to {share(largest_drift(energies[method]))}.",
        source=METHODS[method],
    )


def _named(name: str) -> str:
    return {"ISS": "the ISS", "Moon": "the Moon", "Halley": "Halley's comet"}.get(
        name, f"the {name} satellite"
    )


def _orbit_figure(orbit: kepler.Orbit, motion: Trajectory, method: str) -> go.Figure:
    scale, unit = (1e6, "1000 km") if orbit.about == "Earth" else (1.495978707e11, "au")
    exact = kepler.place(orbit, np.linspace(0, orbit.period, 240)) / scale
    exact = np.concatenate([exact, exact[:1]])
    way = motion.position / scale
    drawn = thin(way, 1500)
    reach = 1.6 * np.abs(exact).max()
    made = figure(
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
    # Euler flies off: what leaves the frame is cut.
    for axis, ours, true in (
        (made.layout.xaxis, way.real, exact.real),
        (made.layout.yaxis, way.imag, exact.imag),
    ):
        low = min(max(ours.min(), -reach), true.min())
        high = max(min(ours.max(), reach), true.max())
        axis.range = (low - 0.05 * reach, high + 0.05 * reach)
    made.layout.yaxis.scaleanchor = "x"
    return play(made, _frames(way, motion.time, trace=3))


def _frames(way: np.ndarray, time: np.ndarray, *, trace: int) -> list[go.Frame]:
    """Return frames that lead one marker along a way."""
    shown = np.unique(np.linspace(0, len(way) - 1, FRAMES).astype(int))
    return [
        go.Frame(
            name=duration(time[k]),
            traces=[trace],
            data=[go.Scatter(x=way[k : k + 1].real, y=way[k : k + 1].imag)],
        )
        for k in shown
    ]


def _body(orbit: kepler.Orbit, scale: float) -> go.Scatter:
    """Draw the central body in its true size, over a dot that is seen when it is too small."""
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


def _drift_figure(orbit: kepler.Orbit, runs: dict, energies: dict) -> go.Figure:
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


def _hohmann_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(150, 2_000, 300, step=10, label="From altitude (km)"),
        gr.Slider(150, 60_000, 35_786, step=2, label="To altitude (km)", info="35,786 km is geostationary."),
    ]


def _show_hohmann(low: float, high: float) -> View:
    transfer = kepler.hohmann(low * 1e3, high * 1e3)
    return View(
        figures=[_hohmann_figure(transfer)],
        numbers={
            "First burn": f"{transfer.first_burn:,.1f} m/s",
            "Second burn": f"{transfer.second_burn:,.1f} m/s",
            "Both (delta-v)": f"{transfer.delta_v:,.1f} m/s",
            "Time between them": duration(transfer.time),
            "Speed on the first circle": f"{math.sqrt(GM_EARTH / transfer.start_radius):,.1f} m/s",
            "Speed on the second circle": f"{math.sqrt(GM_EARTH / transfer.end_radius):,.1f} m/s",
        },
        answer=f"From {low:,.0f} km to {high:,.0f} km it takes {transfer.delta_v / 1e3:.3f} km/s in two burns, "
        f"{duration(transfer.time)} apart.",
        source=kepler.hohmann,
    )


def _hohmann_figure(transfer: kepler.Transfer) -> go.Figure:
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
    made = figure(
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
    made.layout.yaxis.scaleanchor = "x"
    return play(made, _frames(way, time - time[0], trace=4))


def experiment(watch: Watch) -> Experiment:
    """Return the experiment."""
    return Experiment(
        key="orbits",
        title="Orbits",
        week=1,
        benches=[
            Bench(
                key="orbit",
                question="How far does an integrator stray from an orbit?",
                words="The same orbit followed step by step in three ways. Euler gains energy and spirals out; "
                "leapfrog's energy swings but comes back; RK4 is closest, and loses a little each time.",
                controls=_orbit_controls,
                show=_show_orbit,
                figures=2,
            ),
            Bench(
                key="hohmann",
                question="What does it take to climb from one circular orbit to another?",
                words="Two burns along the flight: the first stretches the circle to an ellipse that touches the "
                "other circle, the second makes it round there.",
                controls=_hohmann_controls,
                show=_show_hohmann,
            ),
        ],
        endpoints=[lab_orbit, lab_hohmann],
    )
