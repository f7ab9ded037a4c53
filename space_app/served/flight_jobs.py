"""Compute flights in the processes of `space_app.workers`; a job gets each agent as the folder of its files."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from space_app.served import flights
from space_app.served.flights import Flown, Many
from space_app.served.pilots import PILOTS, Aboard, load
from space_app.workers import HEAVY, QUICK
from spacehub.serving.lander.conditions import Conditions

if TYPE_CHECKING:
    from spacehub.serving.lander.flight import Flight

Seat = tuple[str, Path | None]


async def warm_up() -> None:
    """Start the process for flights, and import the simulation there."""
    await QUICK.run(_import)


def _import() -> None:
    import spacehub.serving.lander.flight  # noqa: F401


async def fly(crew: Sequence[Aboard], *, seed: int, conditions: Conditions) -> list[Flown]:
    """Fly once with each agent of the crew."""
    flown = await QUICK.run(_fly, _seats(crew), seed, conditions)
    return [Flown(who=who, flight=flight) for who, flight in zip(crew, flown, strict=True)]


async def film(
    crew: Sequence[Aboard], *, seed: int, conditions: Conditions, narrow: bool = False
) -> tuple[list[Flown], Path, Path]:
    """Fly once with each agent of the crew; return the flights, their video and their telemetry."""
    flown, video, sheet = await HEAVY.run(_film, _seats(crew), seed, conditions, narrow)
    return [Flown(who=who, flight=flight) for who, flight in zip(crew, flown, strict=True)], video, sheet


async def fly_many(
    who: Aboard,
    *,
    first_seed: int,
    flights: int,
    conditions: Conditions,
    progress: Callable[[int, int], None] | None = None,
) -> Many:
    """Fly `flights` seeds from `first_seed` on; raise as `served.flights.fly_many`."""
    [seat] = _seats([who])
    many = await HEAVY.run(_fly_many, seat, first_seed, flights, conditions, progress=progress)
    return replace(many, who=who)


def _seats(crew: Sequence[Aboard]) -> list[Seat]:
    return [(who.pilot.key, who.status.folder if who.status else None) for who in crew]


@functools.lru_cache(maxsize=8)
def _aboard(key: str, folder: Path | None) -> Aboard:
    pilot = PILOTS[key]
    return Aboard(pilot=pilot, agent=load(folder) if folder else pilot.agent, status=None)


def _flown(seats: Sequence[Seat], seed: int, conditions: Conditions) -> list[Flown]:
    return [flights.fly(_aboard(*seat), seed=seed, conditions=conditions) for seat in seats]


def _fly(seats: Sequence[Seat], seed: int, conditions: Conditions) -> list["Flight"]:
    return [crewed.flight for crewed in _flown(seats, seed, conditions)]


def _film(
    seats: Sequence[Seat], seed: int, conditions: Conditions, narrow: bool
) -> tuple[list["Flight"], Path, Path]:
    flown = _flown(seats, seed, conditions)
    return [crewed.flight for crewed in flown], flights.film(flown, narrow=narrow), flights.sheet(flown)


def _fly_many(
    seat: Seat, first_seed: int, count: int, conditions: Conditions, progress: Callable[[int, int], None]
) -> Many:
    many = flights.fly_many(
        _aboard(*seat), first_seed=first_seed, flights=count, conditions=conditions, progress=progress
    )
    return replace(many, who=None)
