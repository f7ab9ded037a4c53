"""Newtonian gravity of one body at the origin or among many bodies, and the quantities that gravity conserves."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.integrators import METHODS, Acceleration

MAX_BODIES, MAX_STEPS = 50, 200_000


@dataclass(frozen=True, kw_only=True)
class Trajectory:
    """A motion: `time` (s) of shape (k,), `position` (m) and `velocity` (m/s).

    Positions and velocities have the shape (k, 3, n) for n bodies. Around one central body they are ``x + iy`` in
    the plane of the orbit, shape (k,).
    """

    time: np.ndarray
    position: np.ndarray
    velocity: np.ndarray


def central(gm: float) -> Acceleration:
    """Return the acceleration ``-gm z / |z|³`` at ``z = x + iy`` towards a body at 0 (Newton 1687).

    Parameters
    ----------
    gm : float
        Its gravitational parameter, m³/s².
    """

    def acceleration(z: complex) -> complex:
        return z * (-gm / abs(z) ** 3)

    return acceleration


def mutual(gm: np.ndarray) -> Acceleration:
    """Return the acceleration of n bodies under each other's gravity, for all pairs at once.

    Positions have the shape (3, n). Two small matrices of -1, 0 and 1 turn positions into distances and add up the
    forces. A step therefore takes six NumPy calls for any n. The next call overwrites the result.

    Parameters
    ----------
    gm : array of shape (n,)
        Gravitational parameters, m³/s².
    """
    first, second = np.triu_indices(len(gm), 1)
    pair = np.arange(len(first))
    between, pull = np.zeros((len(gm), len(pair))), np.zeros((len(pair), len(gm)))
    between[first, pair], between[second, pair] = -1, 1
    pull[pair, first], pull[pair, second] = gm[second], -gm[first]
    apart, square = np.empty((3, len(pair))), np.empty((3, len(pair)))
    distance, cube, total, ones = np.empty(len(pair)), np.empty(len(pair)), np.empty((3, len(gm))), np.ones(3)

    # Looked up once, not six times per step: for ten bodies that matters.
    dot, multiply, divide, sqrt = np.dot, np.multiply, np.divide, np.sqrt

    def acceleration(x: np.ndarray) -> np.ndarray:
        dot(x, between, apart)
        dot(ones, multiply(apart, apart, square), cube)
        multiply(cube, sqrt(cube, distance), cube)
        return dot(divide(apart, cube, apart), pull, total)

    return acceleration


def follow(
    law: Callable,
    gm: float | np.ndarray,
    x: complex | np.ndarray,
    v: complex | np.ndarray,
    *,
    step: float,
    steps: int,
    method: str,
) -> Trajectory:
    """Follow a motion under a `law`, `central` or `mutual`, for `steps` steps of `step` seconds.

    Raises
    ------
    SpaceHubError
        If the method is unknown, a mass or the step is not positive, two bodies have the same position, or the step
        is so long that the numbers overflow.
    """
    if method not in METHODS:
        raise SpaceHubError(f"Unknown integrator: {method!r}.", f"Choose one of: {', '.join(METHODS)}.")
    if not step > 0:
        raise SpaceHubError(f"The step size ({step:g} s) is out of range.", "Choose a step size above 0 s.")
    if not 1 <= steps <= MAX_STEPS:
        raise SpaceHubError(
            f"The number of steps ({steps:,}) is out of range.", f"Choose 1 to {MAX_STEPS:,} steps."
        )
    x, v, gm = (np.asarray(values)[()] * 1.0 for values in (x, v, gm))
    check_bodies(gm, x)
    # In units of steps: a velocity is distance per step, a gravitational parameter m³ per step squared.
    with np.errstate(all="ignore"):
        position, velocity = METHODS[method](law(gm * step**2), x, v * step, int(steps))
    if not np.isfinite(position).all() or not np.isfinite(velocity).all():
        raise SpaceHubError(
            f"With steps of {step:g} s, the bodies came so close together that the numbers overflowed.",
            "Choose a smaller step size.",
        )
    return Trajectory(time=step * np.arange(steps + 1), position=position, velocity=velocity / step)


def check_bodies(gm: np.ndarray, x: np.ndarray) -> None:
    """Check that all bodies have mass, that no two share a position, and that there are not too many.

    Raises
    ------
    SpaceHubError
        If a check fails; the message gives the number of any faulty body.
    """
    if np.ndim(gm) == 0:
        if not gm > 0 or not np.isfinite(gm):
            raise SpaceHubError("The central body has no mass.", "Enter a mass above 0.")
        if not np.any(x):
            raise SpaceHubError("The two bodies are in the same place.", "Move one of them.")
        return
    if len(gm) > MAX_BODIES:
        raise SpaceHubError(f"{len(gm)} bodies are too many.", f"Choose at most {MAX_BODIES} bodies.")
    if x.shape != (3, len(gm)):
        raise SpaceHubError(
            f"The positions have the shape {x.shape}, and the masses have the shape {gm.shape}.",
            "Enter three coordinates per body.",
        )
    for number, mass in enumerate(gm, start=1):
        if not mass > 0 or not np.isfinite(mass):
            raise SpaceHubError(f"Body {number} has no mass.", "Enter a mass above 0 for every body.")
    for number in range(1, len(gm)):
        same = np.flatnonzero(~np.any(x[:, :number] != x[:, number : number + 1], axis=0))
        if len(same):
            raise SpaceHubError(
                f"Bodies {same[0] + 1} and {number + 1} are in the same place.", "Move one of them."
            )


def specific_energy(gm: float, motion: Trajectory) -> np.ndarray:
    """Return the sum of kinetic and potential energy per mass (J/kg), ``v²/2 - gm/r``, at each time."""
    return np.abs(motion.velocity) ** 2 / 2 - gm / np.abs(motion.position)


def specific_angular_momentum(motion: Trajectory) -> np.ndarray:
    """Return the angular momentum per mass (m²/s) about the central body at each time."""
    return (motion.position.conj() * motion.velocity).imag


def total_energy(gm: np.ndarray, motion: Trajectory) -> np.ndarray:
    """Return the energy of n bodies at each time, times the gravitational constant (m⁵/s⁴)."""
    kinetic = (gm * (motion.velocity**2).sum(axis=1)).sum(axis=1) / 2
    first, second = np.triu_indices(len(gm), 1)
    distance = np.linalg.norm(motion.position[:, :, first] - motion.position[:, :, second], axis=1)
    return kinetic - (gm[first] * gm[second] / distance).sum(axis=1)


def total_angular_momentum(gm: np.ndarray, motion: Trajectory) -> np.ndarray:
    """Return the magnitude of n bodies' angular momentum at each time, times the gravitational constant."""
    turning = np.cross(motion.position, motion.velocity, axis=1)
    return np.linalg.norm((gm * turning).sum(axis=2), axis=1)


def drift(conserved: np.ndarray) -> np.ndarray:
    """Return the change of a conserved quantity since the start, relative to its initial value."""
    return conserved / conserved[0] - 1
