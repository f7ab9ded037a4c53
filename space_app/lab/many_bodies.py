"""Many bodies: the Sun pulled about by its planets, and the five places where a craft can rest by the Moon."""

from collections.abc import Sequence

import gradio as gr
import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, COLOURS, GREY, TEAL, figure, play, thin
from space_app.lab.frame import Bench, Experiment, View
from space_app.lab.many_bodies_api import (
    LEFT,
    half_step_change,
    lab_lagrange,
    lab_solar_system,
    released_craft,
    run,
)
from space_app.lab.quantities import duration, kilometres, share
from space_app.watch import Watch
from spacehub.lab import lagrange, planets
from spacehub.lab.constants import ASTRONOMICAL_UNIT, DAY, JULIAN_YEAR, MOON_DISTANCE, SUN_RADIUS
from spacehub.lab.gravity import (
    Trajectory,
    drift,
    mutual,
    total_angular_momentum,
    total_energy,
)

FRAMES = 48
MONTH = 2 * np.pi * lagrange.TIME_UNIT


def _planet_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(1, 60, 24, step=1, label="Years from 2000"),
        gr.Slider(0.5, 8.5, 5, step=0.5, label="Step (days)"),
        gr.Radio(["Euler", "leapfrog"], value="leapfrog", label="Integrator"),
    ]


def _show_planets(years: float, step_days: float, method: str) -> View:
    gm, motion = run(years, step_days, method)
    away = np.linalg.norm(motion.position[:, :, 0], axis=1)
    planet, change = half_step_change(years, step_days, method, motion)
    energy, turning = drift(total_energy(gm, motion)), drift(total_angular_momentum(gm, motion))
    when = 2000 + motion.time[away.argmax()] / JULIAN_YEAR
    return View(
        figures=[_planets_figure(motion), _sun_figure(motion)],
        numbers={
            "Bodies": f"{len(gm)}",
            "Steps": f"{len(motion.time) - 1:,}",
            "Energy drift": share(float(np.abs(energy).max())),
            "Angular momentum drift": share(float(np.abs(turning).max())),
            f"With half the step, {planet} ends elsewhere by": kilometres(change),
            "Sun's farthest from the centre": kilometres(away.max()),
        },
        answer=f"Until {2000 + years:.0f}, up to {away.max() / SUN_RADIUS:.2f} of its own radii, in {when:.0f}: the centre of mass of the solar "
        f"system is {'outside' if away.max() > SUN_RADIUS else 'inside'} the Sun then.",
        source=mutual,
    )


def _planets_figure(motion: Trajectory) -> go.Figure:
    au = motion.position / ASTRONOMICAL_UNIT
    traces = []
    for number, name in enumerate(planets.NAMES):
        # Each planet's own number of points: a year of Mercury needs as many as one of Neptune.
        way = thin(au[:, :2, number], 300 if number > 4 else 700)
        colour = AMBER if number == 0 else COLOURS[number % len(COLOURS)]
        line = {"color": colour, "width": 1}
        traces.append(
            go.Scatter(x=way[:, 0], y=way[:, 1], mode="lines", line=line, name=name, showlegend=False)
        )
    colours = [AMBER, *(COLOURS[number % len(COLOURS)] for number in range(1, len(planets.NAMES)))]
    dots = {"mode": "markers+text", "marker": {"size": 9, "color": colours}, "textposition": "top center"}
    # Inside of Jupiter's orbit the names would cover each other.
    names = ["Sun", *[""] * 4, *planets.NAMES[5:]]
    traces.append(
        go.Scatter(x=au[0, 0], y=au[0, 1], text=names, hovertext=planets.NAMES, showlegend=False, **dots)
    )
    made = figure(*traces, x="au", y="au", height=520)
    made.layout.yaxis.scaleanchor = "x"
    shown = np.unique(np.linspace(0, len(au) - 1, FRAMES).astype(int))
    frames = [
        go.Frame(
            name=f"{2000 + motion.time[k] / JULIAN_YEAR:.1f}",
            traces=[len(traces) - 1],
            data=[go.Scatter(x=au[k, 0], y=au[k, 1])],
        )
        for k in shown
    ]
    return play(made, frames, milliseconds=60)


def _sun_figure(motion: Trajectory) -> go.Figure:
    way = thin(motion.position[:, :2, 0], 600) / SUN_RADIUS
    edge = np.exp(1j * np.linspace(0, 2 * np.pi, 90))
    made = figure(
        go.Scatter(x=way[:, 0], y=way[:, 1], name="Sun's middle", line={"color": AMBER}),
        go.Scatter(x=edge.real, y=edge.imag, name="one solar radius", line={"color": GREY, "dash": "dot"}),
        go.Scatter(
            x=[0], y=[0], mode="markers", name="centre of mass", marker={"color": BLUE, "symbol": "x"}
        ),
        x="solar radii",
        y="solar radii",
        height=380,
    )
    made.layout.yaxis.scaleanchor = "x"
    return made


def _lagrange_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Radio(list(lagrange.POINTS), value="L4", label="Point"),
        gr.Slider(100, 10_000, 2000, step=100, label="Released around it at (km)"),
        gr.Slider(0.5, 12, 6, step=0.25, label="Months", info="Turns of the Moon, 27.3 days each."),
    ]


def _show_lagrange(point: str, offset_km: float, months: float) -> View:
    released, away = released_craft(point, offset_km, months)
    stayed, kept = int((away[-1] <= LEFT).sum()), int((away <= LEFT).all(axis=0).sum())
    places = lagrange.points(lagrange.EARTH_MOON)
    return View(
        figures=[_lagrange_figure(released.position, places, point, months), _distance_figure(away, months)],
        numbers={
            f"{point} from the Earth": kilometres(abs(places[point] + lagrange.EARTH_MOON) * MOON_DISTANCE),
            f"{point} from the Moon": kilometres(
                abs(places[point] - 1 + lagrange.EARTH_MOON) * MOON_DISTANCE
            ),
            "Released at": f"{offset_km:,.0f} km",
            "Median distance at the end": kilometres(1e3 * np.median(away[-1])),
            "Farthest at the end": kilometres(1e3 * away[-1].max()),
            "Hit the Earth or the Moon": f"{np.isfinite(released.impact).sum()} of {away.shape[1]}",
            "Drift of Jacobi's constant": share(released.jacobi_drift),
            "Moon's share of the mass": f"{lagrange.EARTH_MOON:.5f}",
            "L4 and L5 hold below": f"{lagrange.ROUTH:.5f}",
        },
        answer=f"{kept} of {away.shape[1]} craft never leave a circle of {LEFT:,.0f} km around {point}. After "
        f"{duration(months * MONTH)}, {stayed} are inside it; the median distance is "
        f"{kilometres(1e3 * np.median(away[-1]))}.",
        source=lagrange.acceleration,
    )


def _lagrange_figure(path: np.ndarray, places: dict, point: str, months: float) -> go.Figure:
    scale, mu = MOON_DISTANCE / 1e6, lagrange.EARTH_MOON
    drawn = thin(path, 200) * scale
    # One line with gaps for all craft.
    lines = np.concatenate([drawn, np.full((1, drawn.shape[1]), np.nan)]).T.ravel()
    rest = np.array(list(places.values())) * scale
    bodies = np.array([-mu, 1 - mu]) * scale
    label = {"mode": "markers+text"}
    made = figure(
        go.Scatter(x=lines.real, y=lines.imag, mode="lines", name="craft", line={"color": TEAL, "width": 1}),
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
        x="1000 km, turning with the Moon",
        y="1000 km",
        height=520,
    )
    made.layout.xaxis.range, made.layout.yaxis.range = (-600, 600), (-560, 560)
    made.layout.yaxis.scaleanchor = "x"
    shown = np.unique(np.linspace(0, len(drawn) - 1, FRAMES).astype(int))
    frames = [
        go.Frame(
            name=duration(months * MONTH * k / (len(drawn) - 1)),
            traces=[3],
            data=[go.Scatter(x=drawn[k].real, y=drawn[k].imag)],
        )
        for k in shown
    ]
    return play(made, frames, milliseconds=60)


def _distance_figure(away: np.ndarray, months: float) -> go.Figure:
    drawn = thin(away, 250)
    time = np.linspace(0, months * MONTH / DAY, len(drawn))
    return figure(
        *(
            go.Scatter(x=time, y=craft, line={"color": TEAL, "width": 1}, showlegend=False, hoverinfo="skip")
            for craft in drawn.T
        ),
        x="days",
        y="distance from the point (km)",
        log_y=True,
        height=320,
    )


def experiment(watch: Watch) -> Experiment:
    """Return the experiment."""
    return Experiment(
        key="many-bodies",
        title="Many bodies",
        week=1,
        benches=[
            Bench(
                key="planets",
                question="How far do the planets pull the Sun about?",
                words="Ten bodies, each falling towards all others, from where they were in the year 2000. They start from "
                "mean elements, right to some thousandths of their distance. A long step shifts the inner planets "
                "along their orbits, which the energy does not show: the last number does.",
                controls=_planet_controls,
                show=_show_planets,
                figures=2,
            ),
            Bench(
                key="lagrange",
                question="Which Lagrange points hold a craft that is not quite there?",
                words="Earth and Moon on circles, seen from a frame that turns with them. Twelve craft are released "
                "around an equilibrium point: L4 and L5 keep those released within a few thousand kilometres, L1 and L2 "
                "lose all within weeks, L3 within months. Some come back later; some hit the Earth or the Moon.",
                controls=_lagrange_controls,
                show=_show_lagrange,
                figures=2,
            ),
        ],
        endpoints=[lab_solar_system, lab_lagrange],
    )
