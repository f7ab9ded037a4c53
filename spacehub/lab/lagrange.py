"""The restricted three-body problem: two bodies on circular orbits, a light spacecraft, and five equilibrium points.

The spacecraft's mass is negligible. Positions are in a frame that rotates with the two bodies. Lengths are in units
of the distance between the bodies, masses in units of their sum, and time such that one revolution takes 2 pi. The
heavy body is at (-mu, 0), and the light body is at (1 - mu, 0). `mu` is the light body's fraction of the mass
(Murray & Dermott, Solar System Dynamics, 1999, chapter 3).
"""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab import adaptive
from spacehub.lab.constants import EARTH_RADIUS, GM_EARTH, GM_MOON, MOON_DISTANCE, MOON_RADIUS

EARTH_MOON = GM_MOON / (GM_EARTH + GM_MOON)
# The unit of time, s: one revolution of the Moon takes 2 pi of these.
TIME_UNIT = float(np.sqrt(MOON_DISTANCE**3 / (GM_EARTH + GM_MOON)))
# The surfaces where a spacecraft's flight ends.
EARTH, MOON = EARTH_RADIUS / MOON_DISTANCE, MOON_RADIUS / MOON_DISTANCE
# Error per step. A tolerance ten times smaller changes the default's distances after six months by less than a kilometre.
TOLERANCE = 1e-10
POINTS = ("L1", "L2", "L3", "L4", "L5")
# L4 and L5 are stable below this fraction of the mass (Routh 1875): mu (1 - mu) = 1/27.
ROUTH = (1 - np.sqrt(23 / 27)) / 2


def acceleration(z: np.ndarray, v: np.ndarray, mu: float) -> np.ndarray:
    """Return the acceleration of spacecraft at ``z = x + iy`` with velocity `v`: gravity, Coriolis, centrifugal."""
    from_heavy, from_light = z + mu, z - (1 - mu)
    heavy = (1 - mu) / np.abs(from_heavy) ** 3
    light = mu / np.abs(from_light) ** 3
    return z - 2j * v - heavy * from_heavy - light * from_light


def points(mu: float) -> dict[str, complex]:
    """Return the five equilibrium points as ``x + iy``: three on the line by bisection, and two from triangles."""

    def along(x: float) -> float:
        return acceleration(np.complex128(x), 0, mu).real

    near = 1e-6
    return {
        "L1": complex(_root(along, -mu + near, 1 - mu - near)),
        "L2": complex(_root(along, 1 - mu + near, 2.0)),
        "L3": complex(_root(along, -2.0, -mu - near)),
        "L4": complex(0.5 - mu, np.sqrt(3) / 2),
        "L5": complex(0.5 - mu, -np.sqrt(3) / 2),
    }


def _root(function, low: float, high: float) -> float:
    """Find by bisection where an increasing function crosses zero."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return (low + high) / 2


@dataclass(frozen=True, kw_only=True)
class Released:
    """The motion of spacecraft around a Lagrange point, in the units of this module.

    Parameters
    ----------
    times : array of shape (k,)
    position, velocity : complex arrays of shape (k, spacecraft)
        In the rotating frame. After an impact, a spacecraft keeps the position and velocity of the impact.
    impact : array of shape (spacecraft,)
        When each spacecraft hit the Earth or the Moon; infinite if it did not.
    jacobi_drift : float
        The largest relative change of Jacobi's constant, which the exact motion conserves.
    """

    times: np.ndarray
    position: np.ndarray
    velocity: np.ndarray
    impact: np.ndarray
    jacobi_drift: float


def release(
    point: str, *, offset: float, turns: float, craft: int = 24, steps: int = 600, mu: float = EARTH_MOON
) -> Released:
    """Release spacecraft at rest in a ring around a Lagrange point, and follow them with adaptive steps.

    Parameters
    ----------
    point : str
        L1 to L5.
    offset : float
        The radius of the ring, in units of the distance between the two bodies.
    turns : float
        The duration in revolutions of the two bodies.
    steps : int
        The number of equally spaced times to return after the start. The integrator chooses its own steps to meet its
        error tolerance.

    Raises
    ------
    SpaceHubError
        If there is no such point, or the ring or the time is out of range.
    """
    if point not in POINTS:
        raise SpaceHubError(f"Unknown Lagrange point: {point!r}.", f"Choose one of: {', '.join(POINTS)}.")
    if not 0 < offset <= 0.1:
        raise SpaceHubError(
            f"The radius of the ring ({offset * MOON_DISTANCE / 1e3:,.0f} km) is out of range.",
            "Choose a radius from 1 to 38,000 km.",
        )
    if not 0 < turns <= 30:
        raise SpaceHubError(
            f"The number of turns ({turns:g}) is out of range.",
            "Choose a number above 0 and at most 30.",
        )
    z = points(mu)[point] + offset * np.exp(2j * np.pi * np.arange(craft) / craft)
    times = np.linspace(0, 2 * np.pi * turns, steps + 1)
    position, velocity, impact = adaptive.follow(
        lambda z, v: acceleration(z, v, mu),
        z,
        np.zeros_like(z),
        times,
        tolerance=TOLERANCE,
        height=lambda z: np.minimum(np.abs(z + mu) - EARTH, np.abs(z - (1 - mu)) - MOON),
    )
    constant = jacobi(position, velocity, mu)
    drift = float(np.abs(constant / constant[0] - 1).max())
    return Released(times=times, position=position, velocity=velocity, impact=impact, jacobi_drift=drift)


def jacobi(z: np.ndarray, v: np.ndarray, mu: float) -> np.ndarray:
    """Return Jacobi's constant, ``x² + y² + 2 (1 - mu)/r1 + 2 mu/r2 - v²``, of n spacecraft."""
    return np.abs(z) ** 2 + 2 * (1 - mu) / np.abs(z + mu) + 2 * mu / np.abs(z - (1 - mu)) - np.abs(v) ** 2
