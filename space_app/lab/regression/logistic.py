"""Experiment: predict the probability of a landing from one feature of the launch."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.launches import CHOICES, KEY, lead, which
from space_app.lab.provenance import Source, source
from space_app.lab.regression import launches_figures as figures
from space_app.parameters import Choice, List, Number, integer
from space_app.watch import Watch
from spacehub.lab import launches as lab
from spacehub.lab import regression_landing, regression_logistic
from spacehub.serving.words import percent

# The lower end of the slider, which means no ridge.
NO_RIDGE = -3.0


class Chance(TypedDict):
    """The probability of a landing at the given values of one feature of the launch, and the training history."""

    chances: list[float]
    launches: int
    landed: int
    log_loss: float
    least_log_loss: float
    log_loss_of_share: float
    source: Source


def lab_landing_chance(
    watch: Watch,
    number: Annotated[str, Choice(CHOICES, listed=True, label="Number")] = "year",
    values: Annotated[
        list[float],
        List(
            Number(-1e6, 1e6, label="Value"),
            0,
            1000,
            label="Values",
            help="The feature values at which to compute the probability (years may be fractional). If null, the "
            "smallest and the largest value in the data are used.",
        ),
    ]
    | None = None,
    learning_rate: Annotated[
        float,
        Number(
            0.05,
            3,
            step=0.05,
            label="Learning rate",
            help="The learning rate as a fraction of the largest rate at which gradient descent is guaranteed to converge.",
        ),
    ] = 0.5,
    steps: Annotated[int, integer(1, 2000, step=1, label="Steps")] = 60,
    ridge: Annotated[
        float,
        Number(
            0,
            1000,
            label="Ridge",
            help="The ridge penalty shrinks the weight towards 0. Set the penalty to 0 to turn it off.",
        ),
    ] = 0,
) -> Chance:
    """Predict a booster's probability of landing from one feature of its launch, by logistic regression."""
    status = watch.ready(KEY)
    learned = regression_landing.learn(status.served, number, share=learning_rate, steps=steps, ridge=ridge)
    places = values or [learned.values.min(), learned.values.max()]
    return Chance(
        chances=learned.chances(places, learned.path[-1]).tolist(),
        launches=len(learned.values),
        landed=int(learned.launches.landed.sum()),
        log_loss=float(learned.losses[-1]),
        least_log_loss=learned.least,
        log_loss_of_share=learned.loss_of_rate,
        source=source(status),
    )


def view(
    watch: Watch,
    number: str,
    learning_rate: float,
    steps: int,
    log_ridge: Annotated[
        float, Number(NO_RIDGE, 3, step=0.25, label="Ridge penalty (log10)", help="−3 means no ridge.")
    ] = NO_RIDGE,
) -> View:
    """Show the predicted probability against the feature, and the loss against the number of steps."""
    status = watch.ready(KEY)
    ridge = 0.0 if log_ridge <= NO_RIDGE else 10**log_ridge
    learned = regression_landing.learn(status.served, number, share=learning_rate, steps=steps, ridge=ridge)
    ends = np.array([learned.values.min(), learned.values.max()])
    low, high = learned.chances(ends, learned.path[-1])
    landed = int(learned.launches.landed.sum())
    return View(
        figures=[figures.chance(learned, number), figures.log_loss(learned)],
        numbers={
            "Landing attempts": f"{len(learned.values)}",
            "Successful landings": f"{landed}",
            "Learning rate": f"{learned.rate:.3g}",
            "Current log loss": f"{learned.losses[-1]:.4f}",
            "Lowest possible log loss": f"{learned.least:.4f}",
            "Log loss of the base rate": f"{learned.loss_of_rate:.4f}",
        },
        answer=f"{lead(status)}After {len(learned.path) - 1} steps on the training flights, the predicted landing "
        f"probability is {percent(float(low))} at {_plain(ends[0], number)} and {percent(float(high))} at "
        f"{_plain(ends[1], number)} ({lab.NUMBERS[number]}).",
        source=regression_logistic.log_loss_gradient,
        extra=which(status),
    )


def _plain(value: float, number: str) -> str:
    return f"{value:.1f}" if number == "year" else f"{value:,.5g}"


BENCH = Bench(
    key="logistic",
    question="How likely is a landing, given one feature of the launch?",
    words="Logistic regression turns a linear score into a probability. Each dot is an attempted landing. Dots at the top "
    "are successes, and dots at the bottom are failures. Press ▶ to watch the curve learn.",
    endpoint=lab_landing_chance,
    view=view,
    figures=2,
)
