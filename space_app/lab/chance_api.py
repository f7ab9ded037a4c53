"""The endpoints of the Lab's dice, large numbers, pi and debris."""

import math
from typing import TypedDict

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab import chance

MOST, RUNS = 10_000, 5


class Drawn(TypedDict):
    """An estimate from `n` draws, its standard error, and the exact value."""

    estimate: float
    error: float
    n: int
    exact: float


def lab_dice(dice: int = 2, rolls: int = 10_000, total: int = 7, seed: int = 1) -> Drawn:
    """Roll dice many times, and tell how often they show a total, beside its exact chance.

    Parameters
    ----------
    dice : int
        How many dice with six sides, from 1 to 50.
    rolls : int
        How many times, up to 1,000,000.
    total : int
        The sum that is counted.
    seed : int
        Another seed gives other rolls.

    Returns
    -------
    Drawn
        The share of rolls with that total, its standard error, and the chance by enumeration.
    """
    exact = _exact(dice, total)
    found = chance.estimate(chance.roll(dice, rolls, seed=seed) == total)
    return Drawn(estimate=found.value, error=found.error, n=found.n, exact=exact)


def lab_large_numbers(p: float = 0.3, tries: int = 2000, seed: int = 1) -> Drawn:
    """Try something that succeeds with a chance again and again, and tell the share of successes.

    Parameters
    ----------
    p : float
        The chance of a success, from 0 to 1.
    tries : int
        How many times, up to 10,000.
    seed : int
        Another seed gives other tries.

    Returns
    -------
    Drawn
        The share of successes, its standard error, and p.
    """
    found = chance.estimate(trials(p, tries, seed)[0])
    return Drawn(estimate=found.value, error=found.error, n=found.n, exact=p)


def lab_pi(points: int = 10_000, seed: int = 1) -> Drawn:
    """Estimate pi by throwing points into a square.

    Parameters
    ----------
    points : int
        How many, up to 1,000,000.
    seed : int
        Another seed gives other points.

    Returns
    -------
    Drawn
        Four times the share inside the quarter circle, its standard error, and pi.
    """
    found = chance.throw_at_circle(points, seed=seed)[1]
    return Drawn(estimate=found.value, error=found.error, n=found.n, exact=math.pi)


def lab_debris(
    size: str = "1 cm", area_m2: float = 10, years: float = 5, satellites: int = 10_000, seed: int = 1
) -> Drawn:
    """Estimate the chance that debris in low Earth orbit hits a satellite.

    Parameters
    ----------
    size : str
        Debris larger than 10 cm, 1 cm or 1 mm.
    area_m2 : float
        The area that the satellite offers, m².
    years : float
        How long it flies, up to 1,000 years.
    satellites : int
        How many are flown, up to 1,000,000.
    seed : int
        Another seed gives other flights.

    Returns
    -------
    Drawn
        The share of satellites that were hit, its standard error, and the chance by Poisson's formula. The
        flux is a rough one: ESA's counts of 2013 spread evenly from 200 to 2,000 km, at 10 km/s.
    """
    flux = chance.debris_flux(size)
    found = chance.fly_satellites(flux, area_m2, years, satellites, seed=seed)[1]
    return Drawn(
        estimate=found.value, error=found.error, n=found.n, exact=chance.chance_of_hit(flux, area_m2, years)
    )


def _exact(dice: int, total: int) -> float:
    """Return the exact chance of a total."""
    chances = chance.dice_sum(dice)
    if not dice <= total <= 6 * dice:
        raise SpaceHubError(
            f"{dice} dice cannot show {total:g}.", f"Choose a total from {dice} to {6 * dice}."
        )
    return float(chances[int(total) - dice])


def trials(p: float, tries: int, seed: int) -> np.ndarray:
    """Return `RUNS` runs of Bernoulli trials, shape (RUNS, tries)."""
    chance.check_chance("The chance of a success", p)
    if not 1 <= tries <= MOST:
        raise SpaceHubError(f"{tries:,} tries are out of range.", f"Choose from 1 to {MOST:,}.")
    return (np.random.default_rng(seed).random((RUNS, int(tries))) < p).astype(float)
