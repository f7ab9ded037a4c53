"""The bench on over-fitting: a polynomial through a variable star's brightness, and what a ridge does."""

from collections.abc import Sequence

import gradio as gr
import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, GREY, ORANGE, TEAL, VIOLET, figure
from space_app.lab.frame import Bench, View
from spacehub.errors import SpaceHubError
from spacehub.lab import regression_overfit as lab
from spacehub.lab.regression import powers

# The slider's end, at which there is no ridge.
NO_RIDGE = -6.0
RIDGES = np.logspace(-6, 3, 46)


def bench() -> Bench:
    """Return the bench."""
    return Bench(
        key="overfit",
        question="Which degree of polynomial is best on measurements not seen yet?",
        words="A simulated variable star over one period, measured with noise. Too low a degree misses its shape, "
        "too high a one learns the noise by heart; a ridge holds it back.",
        controls=_controls,
        show=_show,
        figures=3,
    )


def _controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(0, lab.MOST_DEGREE, 9, step=1, label="Degree"),
        gr.Slider(lab.FEWEST_POINTS, lab.MOST_POINTS, 18, step=1, label="Measurements"),
        gr.Slider(0, 0.5, 0.15, step=0.01, label="Noise, mag"),
        gr.Slider(
            NO_RIDGE, 3, NO_RIDGE, step=0.2, label="Ridge, as a power of ten", info="At -6 there is none."
        ),
        gr.Slider(1, 100, 1, step=1, label="Seed", info="Another seed, other noise."),
    ]


def _show(degree: int, points: int, noise: float, log_ridge: float, seed: int) -> View:
    degree, ridge = int(degree), 0.0 if log_ridge <= NO_RIDGE else 10**log_ridge
    night, new = lab.observe(int(points), noise, seed=int(seed))
    weights = lab.fit(night, degree, ridge=ridge)
    degrees = _degrees(night, new, noise, ridge)
    expected = degrees[degree][2]
    best = min(degrees, key=lambda tried: degrees[tried][2].total)
    return View(
        figures=[
            _curve_figure(night, new, weights),
            _degrees_figure(degrees, degree),
            _ridges_figure(night, new, degree, noise, ridge),
        ],
        numbers={
            "Error on what it learned from": f"{lab.error(night, weights):.3f} mag",
            "Error on new measurements": f"{lab.error(new, weights):.3f} mag",
            "To be expected of new ones": f"{np.sqrt(expected.total):.3f} mag",
            "of it noise": f"{np.sqrt(expected.noise):.3f} mag",
            "of it bias": f"{np.sqrt(expected.bias):.3f} mag",
            "of it spread, as the noise falls": f"{np.sqrt(expected.variance):.3f} mag",
            "Largest weight": f"{np.abs(weights).max():,.3g}",
        },
        answer=f"Degree {best}: {np.sqrt(degrees[best][2].total):.3f} mag are to be expected of new measurements. Degree "
        f"{degree} misses what it learned from by {lab.error(night, weights):.3f} mag and new ones by "
        f"{lab.error(new, weights):.3f}.",
        source=lab.expected_error,
    )


def _degrees(night: lab.Night, new: lab.Night, noise: float, ridge: float) -> dict[int, tuple]:
    """Return by degree the error here, on new measurements, and what is to be expected, as far as there is a fit."""
    found = {}
    for degree in range(lab.MOST_DEGREE + 1):
        try:
            weights = lab.fit(night, degree, ridge=ridge)
        except SpaceHubError:
            break
        expected = lab.expected_error(night.phase, new.phase, degree, noise=noise, ridge=ridge)
        found[degree] = lab.error(night, weights), lab.error(new, weights), expected
    return found


def _curve_figure(night: lab.Night, new: lab.Night, weights: np.ndarray) -> go.Figure:
    fine = np.linspace(-1, 1, 300)
    made = figure(
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
            name="learned from",
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
    made.layout.yaxis.range = (-1.3, 1.3)
    return made


def _degrees_figure(degrees: dict[int, tuple], chosen: int) -> go.Figure:
    tried, (here, new, expected) = list(degrees), zip(*degrees.values(), strict=True)
    made = figure(
        _line(tried, here, "learned from", BLUE, mode="lines+markers"),
        _line(tried, new, "new", TEAL, mode="lines+markers"),
        _line(tried, np.sqrt([parts.total for parts in expected]), "new, expected", ORANGE),
        _line(tried, np.sqrt([parts.bias for parts in expected]), "bias", VIOLET, dash="dot"),
        _line(tried, np.sqrt([parts.variance for parts in expected]), "spread", AMBER, dash="dot"),
        x="degree",
        y="error, mag",
        log_y=True,
        height=380,
    )
    made.layout.yaxis.range = (-2.3, 0.7)
    made.layout.yaxis.dtick = 1
    made.add_vline(x=chosen, line={"color": GREY, "width": 1})
    return made


def _ridges_figure(night: lab.Night, new: lab.Night, degree: int, noise: float, ridge: float) -> go.Figure:
    expected = [
        lab.expected_error(night.phase, new.phase, degree, noise=noise, ridge=each) for each in RIDGES
    ]
    made = figure(
        _line(RIDGES, np.sqrt([parts.total for parts in expected]), "new, expected", ORANGE),
        _line(RIDGES, np.sqrt([parts.bias for parts in expected]), "bias", VIOLET, dash="dot"),
        _line(RIDGES, np.sqrt([parts.variance for parts in expected]), "spread", AMBER, dash="dot"),
        x=f"ridge, at degree {degree}",
        y="error, mag",
        log_x=True,
        height=320,
    )
    if ridge:
        made.add_vline(x=ridge, line={"color": GREY, "width": 1})
    return made


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
