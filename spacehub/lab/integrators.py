"""Three integrators of motion: Euler, leapfrog and fourth-order Runge-Kutta.

All take an `acceleration` (a function from positions to an array of the same shape), initial positions `x` and
velocities `v` of any shape (a position in a plane may be one complex number), and a number of `steps`. Time is
counted in steps: velocities are distance per step, and accelerations are distance per step squared. All return
positions and velocities of shape (steps + 1, …).
"""

from collections.abc import Callable

import numpy as np

Acceleration = Callable[[np.ndarray], np.ndarray]


def euler(
    acceleration: Acceleration, x: np.ndarray, v: np.ndarray, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Take each step with the velocity and the acceleration at its start (order 1)."""
    positions, velocities = _room(x, v, steps)
    for k in range(steps):
        positions[k + 1], velocities[k + 1] = x + v, v + acceleration(x)
        x, v = positions[k + 1], velocities[k + 1]
    return positions, velocities


def leapfrog(
    acceleration: Acceleration, x: np.ndarray, v: np.ndarray, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Take each step as half a kick, a drift and half a kick (order 2); the energy only oscillates (Verlet 1967).

    Two half kicks between two drifts are combined into one, so the loop keeps velocities at half steps. The velocity
    at a whole step is the mean of its two neighbours, because the kick is the same on both sides.
    """
    early = np.empty((steps + 2, *np.shape(x)), np.result_type(x, v, float))
    early[0] = v - acceleration(x) / 2
    here, velocity = np.array(x)[()] * 1.0, early[0].copy()
    for k in range(1, steps + 2):
        velocity += acceleration(here)
        early[k] = velocity
        here += velocity
    positions = np.concatenate([[x], early[1:-1]]).cumsum(axis=0)
    return positions, (early[:-1] + early[1:]) / 2


def rk4(
    acceleration: Acceleration, x: np.ndarray, v: np.ndarray, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Compute the acceleration four times per step, and weight the results 1:2:2:1 (Kutta 1901, order 4)."""
    positions, velocities = _room(x, v, steps)
    for k in range(steps):
        # An acceleration may overwrite its previous result.
        first = acceleration(x) * 1.0
        second = acceleration(x + v / 2) * 1.0
        third = acceleration(x + v / 2 + first / 4) * 1.0
        fourth = acceleration(x + v + second / 2)
        positions[k + 1] = x = x + v + (first + second + third) / 6
        velocities[k + 1] = v = v + (first + 2 * second + 2 * third + fourth) / 6
    return positions, velocities


def _room(x: np.ndarray, v: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return empty arrays for all steps, with the initial values filled in."""
    positions = np.empty((steps + 1, *np.shape(x)), np.result_type(x, v, float))
    velocities = np.empty_like(positions)
    positions[0], velocities[0] = x, v
    return positions, velocities


METHODS = {"Euler": euler, "leapfrog": leapfrog, "RK4": rk4}
