"""Compute flights for visitors. The simulation is imported at the first flight, so the app starts without it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from space_app.scratch import scratch
from space_app.served.pilots import Aboard
from spacehub.errors import SpaceHubError
from spacehub.serving.lander.conditions import LARGEST_SEED, Conditions, check_seed
from spacehub.serving.reliability import wilson

if TYPE_CHECKING:
    from spacehub.serving.lander.flight import Flight

MOST_FLIGHTS = 100


@dataclass(frozen=True, kw_only=True)
class Flown:
    """A flight and the agent that flew it."""

    who: Aboard
    flight: "Flight"


@dataclass(frozen=True, kw_only=True)
class Many:
    """How often each outcome occurred, and the returns, shape (N,), of one agent's flights."""

    who: Aboard | None
    first_seed: int
    returns: np.ndarray
    fuel: np.ndarray
    outcomes: dict[str, int]

    @property
    def flights(self) -> int:
        """The number of flights."""
        return len(self.returns)

    @property
    def landed(self) -> int:
        """The number of flights that landed."""
        return self.outcomes["landed"]

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval of the share that landed."""
        return wilson(self.landed, self.flights)


def fly(who: Aboard, *, seed: int, conditions: Conditions) -> Flown:
    """Fly once."""
    from spacehub.serving.lander import flight

    conditions = who.at_its_engines(conditions)
    return Flown(who=who, flight=flight.fly(who.agent, seed=seed, conditions=conditions))


def fly_many(
    who: Aboard,
    *,
    first_seed: int,
    flights: int,
    conditions: Conditions,
    progress: Callable[[int, int], None] | None = None,
) -> Many:
    """Fly `flights` seeds from `first_seed` on.

    Raises
    ------
    SpaceHubError
        If `flights` is not a number from 1 to 100, or a seed exceeds the largest.
    """
    from spacehub.serving.lander.batch import fly_many
    from spacehub.serving.lander.flight import OUTCOMES

    if isinstance(flights, bool) or flights not in range(1, MOST_FLIGHTS + 1):
        raise SpaceHubError(
            f"The number of flights ({flights!r}) is out of range.",
            f"Enter a whole number from 1 to {MOST_FLIGHTS}.",
        )
    first, flights = check_seed(first_seed), int(flights)
    if first + flights - 1 > LARGEST_SEED:
        raise SpaceHubError(
            f"{flights} seeds starting at {first:,} would exceed the largest allowed seed.",
            f"Start at {LARGEST_SEED - flights + 1:,} or lower.",
        )
    seeds, conditions = range(first, first + flights), who.at_its_engines(conditions)
    flown = fly_many(who.agent, seeds=seeds, conditions=conditions, progress=progress)
    ended = [flight.outcome for flight in flown]
    return Many(
        who=who,
        first_seed=first,
        returns=np.array([flight.total_reward for flight in flown]),
        fuel=np.array([flight.fuel for flight in flown]),
        outcomes={outcome: ended.count(outcome) for outcome in OUTCOMES},
    )


def film(flown: Sequence[Flown], *, narrow: bool = False) -> Path:
    """Write the flights as one video into a folder that the server may send from: side by side, or stacked."""
    from spacehub.serving.lander.video import write_video

    path = _file(flown, "mp4")
    names = [crewed.who.pilot.title for crewed in flown]
    write_video([crewed.flight for crewed in flown], path, names=names, order="below" if narrow else "beside")
    return path


def sheet(flown: Sequence[Flown]) -> Path:
    """Write the flights' telemetry as one CSV file into a folder that the server may send from."""
    import pandas as pd

    from spacehub.serving.lander.telemetry import table

    path = _file(flown, "csv")
    tables = []
    for crewed in flown:
        rows = table(crewed.flight)
        rows.insert(0, "agent", crewed.who.pilot.key)
        rows.insert(1, "seed", crewed.flight.seed)
        tables.append(rows)
    pd.concat(tables).to_csv(path, index=False)
    return path


def _file(flown: Sequence[Flown], ending: str) -> Path:
    """Return the path of a file to send, named after its content, in a new folder that is later deleted."""
    name = "-".join(["lander", str(flown[0].flight.seed), *(crewed.who.pilot.key for crewed in flown)])
    return scratch() / f"{name}.{ending}"
