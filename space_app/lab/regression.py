"""Regression: Hubble's line as it is learned, the rate at which learning flies apart, over-fitting, real launches."""

from collections.abc import Sequence

import gradio as gr
import numpy as np
import plotly.graph_objects as go

from space_app.lab import regression_api as api
from space_app.lab import regression_launches, regression_overfit
from space_app.lab.figures import AMBER, BLUE, GREY, ORANGE, TEAL, VIOLET, figure, play
from space_app.lab.frame import Bench, Experiment, View
from space_app.watch import Watch
from spacehub.lab import regression, regression_descent, regression_nebulae
from spacehub.lab.regression_nebulae import DISTANCE_MPC, NAMES, TODAY, VELOCITY_KM_S, Learned

AS_IT_IS, STANDARDISED = "in Mpc, as it is", "standardised"
FRAMES = 40
SHARES = {0.02: GREY, 0.2: TEAL, 0.5: BLUE, 0.95: AMBER, 1.02: VIOLET}
# What is drawn of a loss that grows without end, in least losses.
CEILING = 1e4


def experiment(watch: Watch) -> Experiment:
    """Return the experiment over the newest launches that `watch` has pulled."""
    return Experiment(
        key="regression",
        title="Regression",
        week=3,
        benches=[
            Bench(
                key="nebulae",
                question="How fast did Hubble's nebulae of 1929 fly away for every megaparsec?",
                words="Gradient descent turns the line a little with each step, downhill on the loss. Press ▶ and "
                "watch it; the dashed line is what the normal equations say at once.",
                controls=_line_controls,
                show=_show_line,
                figures=3,
            ),
            Bench(
                key="rate",
                question="How high may the learning rate be?",
                words="The same descent at many rates. Beyond two over the largest eigenvalue of the Hessian each "
                "step lands farther off than the one before.",
                controls=_rate_controls,
                show=_show_rate,
                figures=2,
            ),
            regression_overfit.bench(),
            *regression_launches.benches(watch),
        ],
        endpoints=api.endpoints(watch),
    )


def _scale() -> gr.Radio:
    return gr.Radio([AS_IT_IS, STANDARDISED], value=AS_IT_IS, label="The distance")


def _line_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(
            0.01,
            1.1,
            0.3,
            step=0.01,
            label="Learning rate",
            info="As a share of the bound; beyond 1 it diverges.",
        ),
        gr.Slider(1, 200, 40, step=1, label="Steps"),
        _scale(),
    ]


def _show_line(share: float, steps: int, scale: str) -> View:
    learned = regression_nebulae.learn(share=share, steps=int(steps), standardised=scale == STANDARDISED)
    done, best = learned.path[-1], learned.slope(learned.best)
    misses = np.sqrt(2 * learned.losses[-1])
    lost = " The line has flown apart." if learned.losses[-1] > learned.losses[0] else ""
    return View(
        figures=[_line_figure(learned), _valley(learned), _loss_figure(learned)],
        numbers={
            "Slope now": f"{learned.slope(done):,.4g} km/s/Mpc",
            "By the normal equations": f"{best:.1f} km/s/Mpc",
            "Learning rate": f"{share * learned.bound:.3g}",
            "Bound, 2/λmax": f"{learned.bound:.3g}",
            "Typical miss now": f"{misses:,.4g} km/s",
            "Least typical miss": f"{np.sqrt(2 * learned.least):.0f} km/s",
        },
        answer=f"After {len(learned.path) - 1} steps {learned.slope(done):,.4g} km/s for every Mpc, and {best:.0f} in the "
        f"end.{lost} Today it is {TODAY:g}: the line is right, but Hubble's distances were far too short.",
        source=regression_descent.descend,
    )


def _line_figure(learned: Learned) -> go.Figure:
    ends = np.array([DISTANCE_MPC.argmin(), DISTANCE_MPC.argmax()])

    def line(weights: np.ndarray, name: str, **ink) -> go.Scatter:
        heights = np.clip(learned.velocities(weights)[ends], -1e5, 1e5)
        return go.Scatter(x=DISTANCE_MPC[ends], y=heights, mode="lines", name=name, line=ink)

    shown = np.unique(np.linspace(0, len(learned.path) - 1, FRAMES).astype(int))
    made = figure(
        go.Scatter(
            x=DISTANCE_MPC,
            y=VELOCITY_KM_S,
            mode="markers",
            marker={"color": BLUE, "size": 8},
            text=NAMES,
            name="nebulae",
            hovertemplate="%{text}<br>%{x} Mpc, %{y} km/s<extra></extra>",
        ),
        line(learned.best, "normal equations", color=GREY, width=2, dash="dash"),
        line(learned.path[-1], "descent", color=ORANGE, width=3),
        x="distance, Mpc",
        y="velocity, km/s",
        height=460,
    )
    made.layout.yaxis.range = (-500, 1250)
    made = play(
        made,
        [
            go.Frame(
                data=[line(learned.path[step], "descent", color=ORANGE, width=3)],
                traces=[2],
                name=f"step {step}",
            )
            for step in shown
        ],
        milliseconds=90,
    )
    made.layout.sliders[0].active = len(shown) - 1
    return made


def _valley(learned: Learned) -> go.Figure:
    """Draw the loss over intercept and slope as contours, and the way down."""
    reach = 1.25 * np.abs(learned.best).max() * np.array([1, 1])
    across, up = (
        np.linspace(middle - wide, middle + wide, 50)
        for middle, wide in zip(learned.best, reach, strict=True)
    )
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    heights = regression.loss(learned.design, VELOCITY_KM_S, grid) - learned.least
    made = figure(
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
    made.layout.xaxis.range, made.layout.yaxis.range = (across[0], across[-1]), (up[0], up[-1])
    return made


def _loss_figure(learned: Learned) -> go.Figure:
    above = np.minimum(learned.losses / learned.least, CEILING)
    made = figure(
        go.Scatter(x=np.arange(len(above)), y=above, line={"color": ORANGE}, name="descent"),
        go.Scatter(
            x=[0, len(above) - 1],
            y=[1, 1],
            mode="lines",
            line={"color": GREY, "dash": "dash"},
            name="normal equations",
        ),
        x="step",
        y="loss, in least losses",
        height=300,
    )
    made.layout.yaxis.range = (0.8, 1.3 * above[0])
    return made


def _rate_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(0.01, 1.3, 1.05, step=0.01, label="Learning rate, as a share of the bound"),
        gr.Slider(2, 200, 30, step=1, label="Steps"),
        _scale(),
    ]


def _show_rate(share: float, steps: int, scale: str) -> View:
    steps, standardised = int(steps), scale == STANDARDISED
    learned = regression_nebulae.learn(share=share, steps=steps, standardised=standardised)
    eigenvalues = np.linalg.eigvalsh(regression.hessian(learned.design))
    shares = np.linspace(0.005, 1.3, 260)
    after = regression.loss_after(learned.design, VELOCITY_KM_S, shares * learned.bound, steps)
    quickest = 2 / eigenvalues.sum()
    grows = max(abs(1 - share * learned.bound * eigenvalues))
    return View(
        figures=[_rates_figure(share, steps, standardised), _bound_figure(learned, shares, after, share)],
        numbers={
            "Eigenvalues of the Hessian": " and ".join(f"{value:.3g}" for value in eigenvalues[::-1]),
            "Their ratio, the condition number": f"{eigenvalues[-1] / eigenvalues[0]:.3g}",
            "Bound, 2/λmax": f"{learned.bound:.4g}",
            "Rate chosen": f"{share * learned.bound:.4g}",
            "Quickest in the long run, 2/(λmax + λmin)": f"{quickest:.4g}",
            "A step multiplies the way left by at most": f"{grows:.3g}",
        },
        answer=f"Up to 2/λmax = {learned.bound:.4g}. At {share * learned.bound:.4g} the way left "
        f"{'grows' if grows > 1 else 'shrinks'} to {grows:.3g} times with a step, and after {steps} steps the loss is "
        f"{regression.loss_after(learned.design, VELOCITY_KM_S, np.array([share * learned.bound]), steps)[0] / learned.least:.3g} "
        "times the least.",
        source=regression.largest_rate,
    )


def _rates_figure(share: float, steps: int, standardised: bool) -> go.Figure:
    traces = []
    for part, colour in {**SHARES, share: ORANGE}.items():
        learned = regression_nebulae.learn(share=part, steps=steps, standardised=standardised)
        above = np.clip(learned.losses / learned.least, 1, CEILING)
        ink = {"color": colour, "width": 3 if part == share else 1.5}
        traces.append(go.Scatter(x=np.arange(len(above)), y=above, name=f"{part:g}", line=ink))
    made = figure(*traces, x="step", y="loss, in least losses", log_y=True, height=360)
    made.layout.yaxis.range, made.layout.yaxis.dtick = (-0.05, 2.05), 1
    made.layout.legend.title = {"text": "rate / bound  "}
    return made


def _bound_figure(learned: Learned, shares: np.ndarray, after: np.ndarray, share: float) -> go.Figure:
    above = np.minimum(after / learned.least, CEILING)
    made = figure(
        go.Scatter(x=shares * learned.bound, y=above, line={"color": BLUE}, name="loss after the steps"),
        x="learning rate",
        y="loss, in least losses",
        log_y=True,
        height=340,
    )
    made.layout.yaxis.dtick = 1
    for at, words, colour, place in (
        (learned.bound, "2/λmax", GREY, "top left" if share > 1 else "top right"),
        (share * learned.bound, "chosen", ORANGE, "top right" if share > 1 else "top left"),
    ):
        made.add_vline(
            x=at,
            line={"color": colour, "dash": "dash"},
            annotation={"text": words, "font": {"color": colour}},
            annotation_position=place,
        )
    return made
