"""Experiment: decide, one observation at a time, whether a signal from space is present or only noise."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.bayes import figures
from space_app.lab.frame import Bench, View
from space_app.parameters import Choice, Flag, List, Number, Seed, integer
from spacehub.lab import bayes
from spacehub.serving.words import percent

LOOKS, LONGEST, SURE = 40, 500, 0.99
SIGNAL, NOISE = "a signal", "noise"


class Belief(TypedDict):
    """The probability of a signal before and after each observation."""

    chances: list[float]
    final: float


def lab_signal(
    looks: Annotated[
        list[bool],
        List(
            Flag(label="Peak"),
            0,
            LONGEST,
            label="Observations",
            help="True for each observation that shows a peak.",
        ),
    ],
    prior: Annotated[float, Number(0.001, 0.999, step=0.001, label="Prior probability of a signal")] = 0.01,
    peak_if_signal: Annotated[
        float, Number(0.01, 0.99, step=0.01, label="Probability of a peak, given a signal")
    ] = 0.7,
    peak_if_noise: Annotated[
        float, Number(0.01, 0.99, step=0.01, label="Probability of a peak, given only noise")
    ] = 0.2,
) -> Belief:
    """Compute the probability of a signal after each observation of a place in the sky.

    Returns
    -------
    Belief
        The probability of a signal before the first observation and after each one, by Bayes' rule.
    """
    chances = bayes.follow(prior, looks, peak_if_signal, peak_if_noise)
    return Belief(chances=chances.tolist(), final=float(chances[-1]))


def view(
    *,
    truth: Annotated[str, Choice([SIGNAL, NOISE], label="True state")] = SIGNAL,
    prior: float,
    peak_if_signal: float,
    peak_if_noise: float,
    count: Annotated[int, integer(1, LOOKS, step=1, label="Observations")] = 20,
    seed: Seed = 1,
) -> View:
    """Show how randomly drawn observations change the probability of a signal."""
    luck = np.random.default_rng(seed).random(count)
    seen = luck < (peak_if_signal if truth == SIGNAL else peak_if_noise)
    chances = bayes.follow(prior, seen, peak_if_signal, peak_if_noise)
    sure = np.flatnonzero(chances >= SURE)
    first = (
        f"it reaches {percent(SURE)} at observation {sure[0]}"
        if len(sure)
        else f"it does not reach {percent(SURE)}"
    )
    return View(
        figures=[figures.belief(chances, seen)],
        numbers={
            "Observations with a peak": f"{seen.sum()} of {len(seen)}",
            "Prior probability": percent(prior),
            "Posterior probability": percent(float(chances[-1])),
            "Likelihood ratio if there is a peak": f"{peak_if_signal / peak_if_noise:.3g}",
            "Likelihood ratio if there is no peak": f"{(1 - peak_if_signal) / (1 - peak_if_noise):.3g}",
        },
        answer=f"After {len(seen)} observations, the probability of a signal is {percent(float(chances[-1]))}, and {first}. "
        f"There is {truth}.",
        source=bayes.update,
    )


BENCH = Bench(
    key="signal",
    question="Do the peaks come from a signal from space, or from noise?",
    words="A telescope repeatedly observes one position in the sky. A signal makes a peak likely, but noise "
    "also produces peaks. Each observation updates the probability of a signal by Bayes' rule.",
    endpoint=lab_signal,
    view=view,
)
