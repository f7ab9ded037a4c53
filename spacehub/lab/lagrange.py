"""The restricted three-body problem: two bodies on circles, a craft too light to matter, five points of rest.

Seen from a frame that turns with the two. Lengths in their distance, masses in their sum, time such that one
turn takes 2 pi; the heavy body lies at (-mu, 0), the light one at (1 - mu, 0), where `mu` is the light one's
share of the mass (Murray & Dermott, Solar System Dynamics, 1999, chapter 3).
"""

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.constants import GM_EARTH, GM_MOON, MOON_DISTANCE

EARTH_MOON = GM_MOON / (GM_EARTH + GM_MOON)
# One turn of the Moon takes 2 pi of these, s.
TIME_UNIT = float(np.sqrt(MOON_DISTANCE**3 / (GM_EARTH + GM_MOON)))
POINTS = ("L1", "L2", "L3", "L4", "L5")
# L4 and L5 hold below this share (Routh 1875): mu (1 - mu) = 1/27.
ROUTH = (1 - np.sqrt(23 / 27)) / 2


def acceleration(z: np.ndarray, v: np.ndarray, mu: float) -> np.ndarray:
    """Return the acceleration of craft at ``z = x + iy`` with velocity `v`: both pulls, Coriolis, centrifugal."""
    from_heavy, from_light = z + mu, z - (1 - mu)
    heavy = (1 - mu) / np.abs(from_heavy) ** 3
    light = mu / np.abs(from_light) ** 3
    return z - 2j * v - heavy * from_heavy - light * from_light


def points(mu: float) -> dict[str, complex]:
    """Return the five points of rest as ``x + iy``: three on the line by bisection, two in triangles."""

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
    """Halve an interval in which a function grows through zero until its ends are neighbours."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return (low + high) / 2


def release(
    point: str, *, offset: float, turns: float, craft: int = 24, steps: int = 600, mu: float = EARTH_MOON
):
    """Release craft at rest in a ring around a Lagrange point, and follow them with RK4.

    Parameters
    ----------
    point : str
        L1 to L5.
    offset : float
        Radius of the ring, in distances of the two bodies.
    turns : float
        For how many turns of the two.

    Returns
    -------
    complex array of shape (steps + 1, craft)
        Where they are, ``x + iy``; one that hits a body's middle may be thrown anywhere.

    Raises
    ------
    SpaceHubError
        When there is no such point, or the ring or the time is out of range.
    """
    if point not in POINTS:
        raise SpaceHubError(f"There is no Lagrange point {point!r}.", f"Choose one of: {', '.join(POINTS)}.")
    if not 0 < offset <= 0.1:
        raise SpaceHubError(
            f"A ring of {offset * MOON_DISTANCE / 1e3:,.0f} km is out of range.",
            "Choose from 1 to 38,000 km.",
        )
    if not 0 < turns <= 30:
        raise SpaceHubError(f"{turns:g} turns are out of range.", "Choose from above 0 to 30.")
    z = points(mu)[point] + offset * np.exp(2j * np.pi * np.arange(craft) / craft)
    v, h = np.zeros_like(z), 2 * np.pi * turns / steps
    path = np.empty((steps + 1, craft), complex)
    path[0] = z
    for k in range(steps):
        a1 = acceleration(z, v, mu)
        a2 = acceleration(z + h / 2 * v, v + h / 2 * a1, mu)
        a3 = acceleration(z + h / 2 * v + h**2 / 4 * a1, v + h / 2 * a2, mu)
        a4 = acceleration(z + h * v + h**2 / 2 * a2, v + h * a3, mu)
        z = z + h * v + h**2 / 6 * (a1 + a2 + a3)
        v = v + h / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        path[k + 1] = z
    return path


def jacobi(z: np.ndarray, v: np.ndarray, mu: float) -> np.ndarray:
    """Return the constant of the motion, ``x² + y² + 2 (1 - mu)/r1 + 2 mu/r2 - v²``, of n craft."""
    return np.abs(z) ** 2 + 2 * (1 - mu) / np.abs(z + mu) + 2 * mu / np.abs(z - (1 - mu)) - np.abs(v) ** 2
