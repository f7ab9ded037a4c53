"""Probability: Bernoulli, binomial, Gaussian and Poisson distributions, dice, and simulated estimates with errors."""

import math
from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.constants import EARTH_RADIUS, JULIAN_YEAR

MAX_DRAWS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean over `n` draws; `error` is its standard error, the standard deviation of one draw divided by √n."""

    value: float
    error: float
    n: int


def binomial(n: int, p: float) -> np.ndarray:
    """Return the probabilities of 0 to n successes in n Bernoulli trials, shape (n + 1,).

    ``n!/(k! (n-k)!) p^k (1-p)^(n-k)`` (Bernoulli 1713), computed with logarithms so that a large n does not overflow.
    """
    check_chance("The probability of a success", p)
    if not 1 <= n <= 100_000:
        raise SpaceHubError(
            f"The number of trials ({n:,}) is out of range.", "Choose a whole number from 1 to 100,000."
        )
    k = np.arange(n + 1)
    if p in (0, 1):
        return (k == n * p).astype(float)
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    ways = factorials[n] - factorials - factorials[::-1]
    return np.exp(ways + k * math.log(p) + (n - k) * math.log1p(-p))


def gaussian(x: np.ndarray, mean: float, deviation: float) -> np.ndarray:
    """Return the density of the normal distribution at x (Gauss 1809)."""
    return np.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * math.sqrt(2 * math.pi))


def dice_sum(dice: int, sides: int = 6) -> np.ndarray:
    """Return the exact probabilities of the sums `dice` to ``dice * sides``, by convolution, one die at a time."""
    if not 1 <= dice <= 50:
        raise SpaceHubError(f"The number of dice ({dice}) is out of range.", "Choose 1 to 50 dice.")
    if not 2 <= sides <= 100:
        raise SpaceHubError(f"The number of sides ({sides}) is out of range.", "Choose 2 to 100 sides.")
    die = np.full(sides, 1 / sides)
    chances = die
    for _ in range(dice - 1):
        chances = np.convolve(chances, die)
    return chances


def roll(dice: int, rolls: int, *, seed: int, sides: int = 6) -> np.ndarray:
    """Return the sums of `rolls` rolls of `dice` dice."""
    check_draws(rolls)
    return np.random.default_rng(seed).integers(1, sides + 1, (rolls, dice)).sum(axis=1)


def running_mean(draws: np.ndarray) -> np.ndarray:
    """Return the mean of the first 1, 2, … draws along the last axis, which converges (law of large numbers)."""
    return np.cumsum(draws, axis=-1) / np.arange(1, np.shape(draws)[-1] + 1)


def estimate(draws: np.ndarray) -> Estimate:
    """Return the mean of draws and its standard error, ``s / sqrt(n)`` with ``s² = sum (x - mean)²/(n - 1)``."""
    n = len(draws)
    error = float(np.std(draws, ddof=1) / math.sqrt(n)) if n > 1 else math.inf
    return Estimate(value=float(np.mean(draws)), error=error, n=n)


def throw_at_circle(n: int, *, seed: int) -> tuple[np.ndarray, Estimate]:
    """Draw n points in a square, shape (n, 2); four times the fraction inside the quarter circle estimates π."""
    check_draws(n)
    points = np.random.default_rng(seed).random((n, 2))
    return points, estimate(4.0 * ((points**2).sum(axis=1) <= 1))


# ESA, "Distribution of debris" (2013): objects in all orbits that are larger than this.
DEBRIS = {"10 cm": 29_000, "1 cm": 670_000, "1 mm": 170_000_000}
# NASA Orbital Debris Program Office: mean speed of impacts in low Earth orbit, m/s.
IMPACT_SPEED = 10_000.0
# Low Earth orbit, as altitudes in m (IADC-02-01 ends it at 2000 km; below 200 km drag removes the debris).
LOW_ORBIT = (200e3, 2_000e3)


def debris_flux(size: str) -> float:
    """Return the impacts per m² per year of debris larger than `size` in low Earth orbit.

    Debris is treated as a gas: the flux is number density times speed. All of `DEBRIS` is spread evenly over
    `LOW_ORBIT`, although some of the debris is higher, and its density at 800 km is above average. The result is
    correct to an order of magnitude.

    Raises
    ------
    SpaceHubError
        If there is no count for that size.
    """
    if size not in DEBRIS:
        raise SpaceHubError(
            f"The Lab has no estimate of how many pieces of debris are larger than {size!r}.",
            f"Choose one of: {', '.join(DEBRIS)}.",
        )
    low, high = (EARTH_RADIUS + altitude for altitude in LOW_ORBIT)
    return DEBRIS[size] / (4 / 3 * math.pi * (high**3 - low**3)) * IMPACT_SPEED * JULIAN_YEAR


def chance_of_hit(flux: float, area: float, years: float) -> float:
    """Return the probability of at least one hit: ``1 - exp(-flux area years)``, by the Poisson distribution."""
    check_target(area, years)
    return -math.expm1(-flux * area * years)


def fly_satellites(
    flux: float, area: float, years: float, n: int, *, seed: int
) -> tuple[np.ndarray, Estimate]:
    """Fly n satellites through debris, and return the time of each first hit (years) and the fraction that are hit.

    The wait for the next hit is exponential, with a mean of ``1 / (flux area)``.
    """
    check_target(area, years)
    check_draws(n)
    waits = np.random.default_rng(seed).exponential(1 / (flux * area), n)
    return waits, estimate((waits <= years).astype(float))


def check_target(area: float, years: float) -> None:
    """Check that a satellite's area and time in orbit are valid."""
    if not 0 < area <= 1e5:
        raise SpaceHubError(
            f"The area ({area:g} m²) is out of range.",
            "Choose an area of more than 0 and at most 100,000 m².",
        )
    if not 0 < years <= 1000:
        raise SpaceHubError(
            f"The time ({years:g} years) is out of range.",
            "Choose a time of more than 0 and at most 1,000 years.",
        )


def check_chance(name: str, p: float) -> None:
    """Check that a number is a probability."""
    if not 0 <= p <= 1:
        raise SpaceHubError(f"{name} ({p:g}) is out of range.", "Choose a probability from 0 to 1.")


def check_draws(n: int) -> None:
    """Check that a number of draws is neither zero nor too large."""
    if not 1 <= n <= MAX_DRAWS or n != int(n):
        raise SpaceHubError(
            f"The number of draws ({n:,}) is out of range.", f"Choose a whole number from 1 to {MAX_DRAWS:,}."
        )
