"""Experiment: fit Hubble's line of 1929 by gradient descent."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.regression import figures
from space_app.parameters import Flag, Number, integer
from spacehub.lab import regression_descent, regression_nebulae
from spacehub.lab.regression_nebulae import TODAY

LearningRate = Annotated[
    float,
    Number(
        0.01,
        1.3,
        step=0.01,
        label="Learning rate",
        help="The learning rate as a fraction of the bound 2/λmax, where λmax is the largest eigenvalue of the Hessian. Gradient descent diverges if the learning rate exceeds 2/λmax.",
    ),
]
Steps = Annotated[int, integer(1, 500, step=1, label="Steps")]
Standardised = Annotated[
    bool,
    Flag(
        label="Standardise the distance",
        help="Express the distance in standard deviations from the mean instead of in Mpc.",
    ),
]


class Line(TypedDict):
    """A line fitted to Hubble's nebulae: its slope in km/s/Mpc after each step and the slope that minimises the loss."""

    slopes: list[float]
    losses: list[float]
    normal_equations: float
    least_loss: float
    rate: float
    bound: float
    diverged: bool


def lab_nebulae(
    learning_rate: LearningRate = 0.3, steps: Steps = 40, standardised: Standardised = False
) -> Line:
    """Fit Hubble's line of 1929 (velocity against distance) by gradient descent.

    Returns
    -------
    Line
        The slope and the loss before the first step and after each step; fewer values if training diverged.
    """
    learned = regression_nebulae.learn(share=learning_rate, steps=steps, standardised=standardised)
    return Line(
        slopes=[learned.slope(weights) for weights in learned.path],
        losses=learned.losses.tolist(),
        normal_equations=learned.slope(learned.best),
        least_loss=learned.least,
        rate=learning_rate * learned.bound,
        bound=learned.bound,
        diverged=bool(learned.losses[-1] > learned.losses[0]),
    )


def view(learning_rate: float, steps: int, standardised: bool) -> View:
    """Show the line, the path of gradient descent, and the loss."""
    learned = regression_nebulae.learn(share=learning_rate, steps=steps, standardised=standardised)
    done, best = learned.path[-1], learned.slope(learned.best)
    misses = np.sqrt(2 * learned.losses[-1])
    lost = " The line has diverged." if learned.losses[-1] > learned.losses[0] else ""
    return View(
        figures=[figures.line(learned), figures.valley(learned), figures.loss(learned)],
        numbers={
            "Current slope": f"{learned.slope(done):,.4g} km/s/Mpc",
            "Slope from the normal equations": f"{best:.1f} km/s/Mpc",
            "Learning rate": f"{learning_rate * learned.bound:.3g}",
            "Bound, 2/λmax": f"{learned.bound:.3g}",
            "Typical error": f"{misses:,.4g} km/s",
            "Smallest typical error": f"{np.sqrt(2 * learned.least):.0f} km/s",
        },
        answer=f"After {len(learned.path) - 1} steps of gradient descent, the slope is {learned.slope(done):,.4g} km/s per Mpc. The exact "
        f"solution is {best:.0f}.{lost} Today's value of the Hubble constant is {TODAY:g}. A line is the right model, but Hubble's "
        "distances were far too short.",
        source=regression_descent.descend,
    )


BENCH = Bench(
    key="nebulae",
    question="In Hubble's 1929 data, how fast do the nebulae recede per megaparsec of distance?",
    words="Gradient descent moves the line a little with each step, so that the loss decreases. Press ▶ to "
    "watch the line move. The dashed line is the exact solution from the normal equations.",
    endpoint=lab_nebulae,
    view=view,
    figures=3,
)
