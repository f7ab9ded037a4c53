"""Return types of the Chance experiment's endpoints."""

from typing import TypedDict

from spacehub.lab.chance import Estimate

# Half the width of a 95 % confidence interval, in standard errors.
WIDE = 1.96


class Drawn(TypedDict):
    """An estimate from `n` draws, its standard error, and the exact value."""

    estimate: float
    error: float
    n: int
    exact: float


def drawn(found: Estimate, exact: float) -> Drawn:
    """Return an estimate together with the exact value."""
    return Drawn(estimate=found.value, error=found.error, n=found.n, exact=exact)
