"""The experiment that estimates pi from random points."""

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
    """Estimate pi by throwing points into a square.

    Returns
    -------
    Drawn
        Four times the share inside the quarter circle, its standard error, and pi.
    """
    return drawn(chance.throw_at_circle(points, seed=seed)[1], math.pi)


def view(points: int, seed: int) -> View:
    """Show the points, and how the estimate settles."""
    thrown, found = chance.throw_at_circle(points, seed=seed)
    inside = (thrown**2).sum(axis=1) <= 1
    return View(
        figures=[figures.square(thrown[:3000], inside[:3000]), figures.pi(inside)],
        numbers={
            "Show the points, and how the estimate converges.": f"{inside.sum():,} of {found.n:,}",
            "Estimate": f"{found.value:.5f}",
            "Standard error": f"{found.error:.5f}",
            "Error": f"{abs(found.value - math.pi):.5f}, {abs(found.value - math.pi) / found.error:.1f} errors"
            if found.error
            else "unknown",
        },
        answer=f"π is {found.value:.4f} ± {WIDE * found.error:.4f} from {found.n:,} points; one more digit "
        "takes a hundred times as many points.",
        source=chance.throw_at_circle,
    )


BENCH = Bench(
    key="pi",
    question="How large is π, estimated from random points?",
    words="A random point in the unit square lies inside the quarter circle with probability π/4.",
    endpoint=lab_pi,
    view=view,
    figures=2,
)
