"""Experiment: estimate π from random points."""

import math
from typing import Annotated

from space_app.lab.chance import figures
from space_app.lab.chance.drawn import WIDE, Drawn, drawn
from space_app.lab.frame import Bench, View
from space_app.parameters import Seed, integer
from spacehub.lab import chance


def lab_pi(
    points: Annotated[int, integer(100, 1_000_000, step=100, label="Points")] = 10_000,
    seed: Seed = 1,
) -> Drawn:
    """Estimate π by drawing random points in a square.

    Returns
    -------
    Drawn
        Four times the fraction of points inside the quarter circle, its standard error, and π.
    """
    return drawn(chance.throw_at_circle(points, seed=seed)[1], math.pi)


def view(points: int, seed: int) -> View:
    """Show the points and how the estimate converges."""
    thrown, estimate = chance.throw_at_circle(points, seed=seed)
    inside = (thrown**2).sum(axis=1) <= 1
    return View(
        figures=[figures.square(thrown[:3000], inside[:3000]), figures.pi(inside)],
        numbers={
            "Points inside the quarter circle": f"{inside.sum():,} of {estimate.n:,}",
            "Estimate": f"{estimate.value:.5f}",
            "Standard error": f"{estimate.error:.5f}",
            "Error": f"{abs(estimate.value - math.pi):.5f}, {abs(estimate.value - math.pi) / estimate.error:.1f} standard errors"
            if estimate.error
            else "unknown",
        },
        answer=f"π is {estimate.value:.4f} ± {WIDE * estimate.error:.4f} from {estimate.n:,} points. One more digit "
        f"requires a hundred times as many points.",
        source=chance.throw_at_circle,
    )


BENCH = Bench(
    key="pi",
    question="How accurately can random points estimate π?",
    words="A random point in the unit square lies inside the quarter circle with probability π/4.",
    endpoint=lab_pi,
    view=view,
    figures=2,
)
