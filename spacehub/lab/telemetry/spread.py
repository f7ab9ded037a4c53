"""How much flights differ at one second of their ascent."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.telemetry.flights import QUANTITIES, Flights

EVERY = "either"


@dataclass(frozen=True, kw_only=True)
class Spread:
    """One quantity of the flights at one second, in its unit: the middle 90 % are between `low` and `high`.

    `lowest`, `highest` and `rows` are rows of `Flights`; `rows` are the flights whose record has this second.
    """

    rows: np.ndarray
    values: np.ndarray
    low: float
    median: float
    high: float
    lowest: int
    highest: int


def spread(flights: Flights, quantity: str, second: int, *, followed: str = EVERY) -> Spread:
    """Return how much the flights differ in a quantity at a second.

    Parameters
    ----------
    quantity : str
        One of `QUANTITIES`.
    second : int
        Since liftoff.
    followed : str
        Only records that follow this stage after cut-off, ``first stage`` or ``second stage``; or ``either``.

    Raises
    ------
    SpaceHubError
        If there is no such quantity, or no flight has this second.
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
            f"None of these records reaches T+{second} s.", f"The longest record ends at T+{longest} s."
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
    """Raise a `SpaceHubError` if there is no such quantity."""
    if quantity not in QUANTITIES:
        raise SpaceHubError(f"Unknown quantity: {quantity!r}.", f"Choose one of: {', '.join(QUANTITIES)}.")
