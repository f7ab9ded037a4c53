"""Adaptive steps: Dormand and Prince's pair of orders 5 and 4, for many bodies that do not attract each other.

Each body has its own time and step, so a body that passes close to a mass does not slow down the others. A
position in the plane is one complex number.
"""

from collections.abc import Callable

import numpy as np

from spacehub.errors import SpaceHubError

MAX_ROUNDS = 50_000
# Dormand & Prince 1980, as in Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, table II.5.2. The last
# row is also the solution of order 5.
_STAGES = [
    np.array(row)
    for row in (
        [1 / 5],
        [3 / 40, 9 / 40],
        [44 / 45, -56 / 15, 32 / 9],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
        [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    )
]
# Order 5 minus order 4.
_ERROR = np.array([71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40])

Acceleration = Callable[[np.ndarray, np.ndarray], np.ndarray]


def follow(
    acceleration: Acceleration,
    z: np.ndarray,
    v: np.ndarray,
    times: np.ndarray,
    *,
    tolerance: float,
    height: Callable[[np.ndarray], np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Follow n bodies from `times[0]`, and return their positions and velocities at each of the k `times`.

    Parameters
    ----------
    acceleration : callable
        A function from positions and velocities, complex (m,) each, to accelerations (m,). It does not depend on time.
    z, v : complex arrays of shape (n,)
        The initial positions and velocities.
    times : array of shape (k,)
        Times in increasing order.
    tolerance : float
        The estimated error allowed per step, absolute and relative to the size of `z` and `v`.
    height : callable, optional
        A function from positions to the height above the nearest surface. A body's motion ends where the height is
        negative.

    Returns
    -------
    tuple of a complex (k, n), a complex (k, n) and a float (n,) array
        Positions, velocities, and the times of impact (infinite for bodies that do not hit anything). After its
        impact, a body keeps the position and velocity of the impact.

    Raises
    ------
    SpaceHubError
        If the steps become so short that `MAX_ROUNDS` of them are not enough.
    """
    end, n = float(times[-1]), len(z)
    positions, velocities = np.empty((len(times), n), complex), np.empty((len(times), n), complex)
    positions[0], velocities[0] = z, v
    filled, impact = np.ones(n, int), np.full(n, np.inf)
    # The state of a body is a row of two: position and velocity. Its slope is velocity and acceleration.
    y, slope = np.stack([z, v]) * (1 + 0j), np.stack([v, acceleration(z, v)])
    time, step = np.full(n, float(times[0])), np.full(n, 1e-3 * (end - times[0]))
    active = np.arange(n)
    for _ in range(MAX_ROUNDS):
        if not len(active):
            return positions, velocities, impact
        h = np.minimum(step[active], end - time[active])
        here, first = y[:, active], slope[:, active]
        new, last, error = _try(acceleration, here, first, h)
        error /= tolerance * (1 + np.maximum(np.abs(here), np.abs(new)))
        ratio = error.max(axis=0)
        step[active] = h * np.clip(0.9 * (ratio + 1e-10) ** -0.2, 0.2, 5)
        accepted = ratio <= 1
        ends = np.where(h >= end - time[active], end, time[active] + h)
        hits = np.zeros(len(active), bool)
        if height is not None:
            middle = (here[0] + new[0]) / 2 + h * (here[1] - new[1]) / 8
            hits = np.minimum(height(middle), height(new[0])) < 0
        reached = np.searchsorted(times, ends, side="right")
        for place in np.flatnonzero(accepted & (hits | (reached > filled[active]))):
            body = active[place]
            path = _Path(time[body], h[place], here[:, place], first[:, place], new[:, place], last[:, place])
            if hits[place]:
                impact[body] = ends[place] = path.crossing(height)
                reached[place] = np.searchsorted(times, ends[place], side="right")
                positions[reached[place] :, body], velocities[reached[place] :, body] = path(ends[place])
            inside = slice(filled[body], reached[place])
            positions[inside, body], velocities[inside, body] = path(times[inside])
            filled[body] = reached[place]
        moved = active[accepted]
        y[:, moved], slope[:, moved], time[moved] = new[:, accepted], last[:, accepted], ends[accepted]
        active = active[(time[active] < end) & np.isinf(impact[active])]
    raise SpaceHubError(
        f"{len(active)} of {n} bodies need more than {MAX_ROUNDS:,} integration steps.",
        "Choose a shorter duration.",
    )


def _try(
    acceleration: Acceleration, here: np.ndarray, first: np.ndarray, h: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return states (2, m), slopes (2, m) and estimated errors (2, m) after steps of `h` (m,)."""
    slopes = np.empty((7, *here.shape), complex)
    slopes[0] = first
    # One row per stage: a product of a row and a matrix is faster than a sum over an axis.
    flat = slopes.reshape(7, -1)
    for stage, row in enumerate(_STAGES, start=1):
        there = here + h * np.dot(row, flat[:stage]).reshape(here.shape)
        slopes[stage, 0], slopes[stage, 1] = there[1], acceleration(there[0], there[1])
    return there, slopes[6], h * np.abs(np.dot(_ERROR, flat)).reshape(here.shape)


class _Path:
    """A body's path within one step: the quintic that matches position, velocity and acceleration at both ends."""

    def __init__(self, began, h, here, first, there, last):
        self.began, self.h = began, h
        (x0, v0), a0 = here, first[1] * h**2
        (x1, v1), a1 = there, last[1] * h**2
        v0, v1 = v0 * h, v1 * h
        rest, turn, bend = x1 - x0 - v0 - a0 / 2, v1 - v0 - a0, a1 - a0
        self.coefficients = np.array(
            [
                6 * rest - 3 * turn + bend / 2,
                -15 * rest + 7 * turn - bend,
                10 * rest - 4 * turn + bend / 2,
                a0 / 2,
                v0,
                x0,
            ]
        )

    def __call__(self, time):
        s = (time - self.began) / self.h
        return np.polyval(self.coefficients, s), np.polyval(np.polyder(self.coefficients), s) / self.h

    def crossing(self, height) -> float:
        """Return the first time at which the height becomes negative, by bisection."""
        low, high = self.began, self.began + self.h
        if height(self(self.began + self.h / 2)[0]) < 0:
            high = self.began + self.h / 2
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (low, middle) if height(self(middle)[0]) < 0 else (middle, high)
        return low
