"""Experiment: the largest learning rate at which training converges."""

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.regression import figures
from space_app.lab.regression.nebulae import LearningRate, Standardised, Steps
from spacehub.lab import regression, regression_nebulae
from spacehub.lab.regression_nebulae import VELOCITY_KM_S


def view(learning_rate: LearningRate = 1.05, steps: Steps = 30, standardised: Standardised = False) -> View:
    """Show the loss at many learning rates."""
    learned = regression_nebulae.learn(share=learning_rate, steps=steps, standardised=standardised)
    eigenvalues = np.linalg.eigvalsh(regression.hessian(learned.design))
    shares = np.linspace(0.005, 1.3, 260)
    after = regression.loss_after(learned.design, VELOCITY_KM_S, shares * learned.bound, steps)
    rate = learning_rate * learned.bound
    left = regression.loss_after(learned.design, VELOCITY_KM_S, np.array([rate]), steps)[0] / learned.least
    quickest = 2 / eigenvalues.sum()
    grows = max(abs(1 - rate * eigenvalues))
    return View(
        figures=[
            figures.rates(learning_rate, steps, standardised),
            figures.bound(learned, shares, after, learning_rate),
        ],
        numbers={
            "Eigenvalues of the Hessian": " and ".join(f"{value:.3g}" for value in eigenvalues[::-1]),
            "Condition number (largest / smallest eigenvalue)": f"{eigenvalues[-1] / eigenvalues[0]:.3g}",
            "Bound, 2/λmax": f"{learned.bound:.4g}",
            "Chosen learning rate": f"{rate:.4g}",
            "Asymptotically optimal rate, 2/(λmax + λmin)": f"{quickest:.4g}",
            "Worst-case convergence factor per step": f"{grows:.3g}",
        },
        answer=f"The learning rate may be at most 2/λmax = {learned.bound:.4g}. At a learning rate of {rate:.4g}, each step "
        f"multiplies the remaining distance by {grows:.3g}, so the distance {'grows' if grows > 1 else 'shrinks'}. "
        f"After {steps} steps, the loss is {_times(left)} times the minimum.",
        source=regression.largest_rate,
    )


def _times(value: float) -> str:
    return f"{value:,.0f}" if 100 <= value < 1e6 else f"{value:.3g}"


BENCH = Bench(
    key="rate",
    question="How high can the learning rate be before training diverges?",
    words="Gradient descent runs with many learning rates. The weights always start at zero. With a learning rate above "
    "2/λmax, where λmax is the largest eigenvalue of the Hessian, each step ends farther from the minimum than the previous step.",
    view=view,
    figures=2,
)
