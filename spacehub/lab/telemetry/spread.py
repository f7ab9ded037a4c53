"""How far apart flights are at one second of their ascent."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.telemetry.flights import QUANTITIES, Flights

EVERY = "either"


@dataclass(frozen=True, kw_only=True)
class Spread:
    """One quantity of the flights at one second, in its unit: `low` to `high` hold the middle 90 % of them.

    `lowest` and `highest` are rows of `Flights`, as are `rows`: those whose record has this second.
    """

    rows: np.ndarray
    values: np.ndarray
    low: float
    median: float
    high: float
    lowest: int
    highest: int


def spread(flights: Flights, quantity: str, second: int, *, followed: str = EVERY) -> Spread:
    """Tell how far apart the flights are in a quantity at a second.

    Parameters
    ----------
    quantity : str
        One of `QUANTITIES`.
    second : int
        Since lift-off.
    followed : str
        Only records that follow this stage after cut-off, ``first stage`` or ``second stage``; or ``either``.

    Raises
    ------
    SpaceHubError
        When there is no such quantity, or no flight has this second.
    """
    check(quantity)
    longest = int(flights.seconds.max()) - 1
    at = flights.values[quantity][:, second] if 0 <= second <= longest else np.full(len(flights), np.nan)
    wanted = np.isfinite(at) & np.isin(
        flights.followed, [followed] if followed != EVERY else list(flights.followed)
    )
    rows = np.flatnonzero(wanted)
    if not len(rows):
        raise SpaceHubError(
            f"No record of these has a second T+{second}.", f"The longest of all ends at T+{longest} s."
        )
    values = at[rows]
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
    return Spread(
        rows=rows,
        values=values,
        low=float(low),
        median=float(median),
        high=float(high),
        lowest=int(rows[values.argmin()]),
        highest=int(rows[values.argmax()]),
    )


def check(quantity: str) -> None:
    """Raise a `SpaceHubError` unless there is such a quantity."""
    if quantity not in QUANTITIES:
        raise SpaceHubError(f"There is no quantity {quantity!r}.", f"Use one of: {', '.join(QUANTITIES)}.")
