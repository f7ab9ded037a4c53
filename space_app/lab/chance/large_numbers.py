"""Experiment: how close an observed fraction of successes is to the probability of success."""

import math
from typing import Annotated

import numpy as np

from space_app.lab.chance import figures
from space_app.lab.chance.drawn import WIDE, Drawn, drawn
from space_app.lab.frame import Bench, View
from space_app.parameters import Number, Seed, integer
from spacehub.lab import chance

RUNS = 5


def lab_large_numbers(
    p: Annotated[float, Number(0, 1, step=0.01, label="Probability of success")] = 0.3,
    tries: Annotated[int, integer(10, 10_000, step=10, label="Trials")] = 2000,
    seed: Seed = 1,
) -> Drawn:
    """Repeat a trial with a given probability of success, and return the fraction of successes.

    Returns
    -------
    Drawn
        The fraction of successes, its standard error, and the probability of success.
    """
    return drawn(chance.estimate(_runs(p, tries, seed)[0]), p)


def view(p: float, tries: int, seed: int) -> View:
    """Show how the fractions of five runs converge, and how the number of successes varies."""
    runs = _runs(p, tries, seed)
    found, deviation = chance.estimate(runs[0]), math.sqrt(p * (1 - p))
    settled = figures.settling(chance.running_mean(runs), p, deviation)
    settled.layout.yaxis.range = (-0.04, 1.04)
    return View(
        figures=[settled, figures.counts(p, tries, runs)],
        numbers={
            "Share of successes, first run": f"{found.value:.4f}",
            "Standard error, estimated": f"{found.error:.4f}",
            "Standard error, exact": f"{deviation / math.sqrt(tries):.4f}",
            "Expected successes": f"{p * tries:,.0f} ± {deviation * math.sqrt(tries):,.0f}",
            "Successes, all runs": ", ".join(f"{count:,.0f}" for count in runs.sum(axis=1)),
        },
        answer=f"The share of successes after {tries:,} trials is {found.value:.4f}, which differs from {p:g} by "
        f"{abs(found.value - p):.4f}. On average, 95 of 100 runs of {tries:,} trials end within "
        f"{WIDE * deviation / math.sqrt(tries):.4f} of {p:g}. Quadrupling the number of trials halves the margin of error.",
        source=chance.binomial,
    )


def _runs(p: float, tries: int, seed: int) -> np.ndarray:
    """Return `RUNS` runs of Bernoulli trials, shape (RUNS, tries)."""
    return (np.random.default_rng(seed).random((RUNS, tries)) < p).astype(float)


BENCH = Bench(
    key="large-numbers",
    question="How close is an observed share to the true probability?",
    words="The figure shows five independent runs of Bernoulli trials. The share of successes converges to the "
    "probability of success by the law of large numbers, and the number of successes follows the binomial distribution.",
    endpoint=lab_large_numbers,
    view=view,
    figures=2,
)
