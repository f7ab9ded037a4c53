"""Regression: Hubble's line as it is learned, the rate at which learning flies apart, over-fitting, real launches."""

from collections.abc import Sequence

import gradio as gr
import numpy as np

from space_app.lab import regression_api as api
from space_app.lab import regression_figures as figures
from space_app.lab import regression_launches, regression_overfit
from space_app.lab.frame import Bench, Experiment, View
from space_app.watch import Watch
from spacehub.lab import regression, regression_descent, regression_nebulae
from spacehub.lab.regression_nebulae import TODAY, VELOCITY_KM_S

AS_IT_IS, STANDARDISED = "in Mpc, as it is", "standardised"


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
        figures=[figures.line(learned), figures.valley(learned), figures.loss(learned)],
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
        figures=[figures.rates(share, steps, standardised), figures.bound(learned, shares, after, share)],
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
