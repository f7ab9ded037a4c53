"""Gradient descent: steps against the gradient."""

from collections.abc import Callable

import numpy as np

from spacehub.errors import SpaceHubError

MOST_STEPS = 20_000
# A path that gets this far from its start does not return.
LOST = 1e12


def descend(
    gradient: Callable[[np.ndarray], np.ndarray], start: np.ndarray, *, rate: float, steps: int
) -> np.ndarray:
    """Follow the negative gradient: ``w ← w - rate · gradient(w)`` (Cauchy 1847).

    Parameters
    ----------
    gradient : callable
        A function from weights of shape (p,) to the gradient of a loss, with the same shape.
    start : array, shape (p,)
    rate : float
        The learning rate.
    steps : int

    Returns
    -------
    array, shape (steps + 1, p)
        The weights before the first step and after each step; shorter if they diverged.

    Raises
    ------
    SpaceHubError
        If the rate is not above 0, or there are too few or too many steps.
    """
    if not 0 < rate < np.inf:
        raise SpaceHubError(f"The learning rate ({rate:g}) is out of range.", "Choose a value above 0.")
    if not 1 <= steps <= MOST_STEPS:
        raise SpaceHubError(
            f"The number of steps ({steps:,}) is out of range.",
            f"Choose a whole number from 1 to {MOST_STEPS:,}.",
        )
    path = [np.asarray(start, dtype=float)]
    for _ in range(int(steps)):
        path.append(path[-1] - rate * gradient(path[-1]))
        if not np.abs(path[-1]).max() < LOST:
            break
    return np.array(path)
