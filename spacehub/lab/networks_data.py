"""Training data for the networks: small sets of points in the plane, and scikit-learn's digits."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.digits import load

MOST_POINTS = 5000


def _xor(n: int, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return points at four corners; those opposite each other are in the same class."""
    corner = np.arange(n) % 4
    places = np.array([[-0.6, -0.6], [0.6, -0.6], [0.6, 0.6], [-0.6, 0.6]])
    return places[corner], corner % 2


def _circles(n: int, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    labels, angle = np.arange(n) % 2, draw.uniform(0, 2 * np.pi, n)
    return np.where(labels, 0.85, 0.4)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), labels


def _moons(n: int, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    labels, angle = np.arange(n) % 2, draw.uniform(0, np.pi, n)
    sign = 1 - 2 * labels
    x = 0.55 * np.cos(angle) - 0.28 * sign
    return np.stack([x, sign * (0.6 * np.sin(angle) - 0.17)], axis=1), labels


def _spirals(n: int, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    labels, along = np.arange(n) % 2, np.sqrt(draw.uniform(0.02, 1, n))
    angle = 3 * np.pi * along + np.pi * labels
    return 0.95 * along[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), labels


SETS: dict[str, Callable] = {"XOR": _xor, "circles": _circles, "moons": _moons, "spirals": _spirals}


def points(name: str, n: int, *, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return n points (n, 2) with coordinates from about -1 to 1, and their classes 0 and 1, (n,).

    Parameters
    ----------
    name : str
        One of `SETS`.
    noise : float
        Standard deviation of the noise added to each coordinate.

    Raises
    ------
    SpaceHubError
        If there is no such set, or a number is out of range.
    """
    if name not in SETS:
        raise SpaceHubError(f"Unknown set of points: {name!r}.", f"Choose one of: {', '.join(SETS)}.")
    if not 4 <= n <= MOST_POINTS:
        raise SpaceHubError(
            f"The number of points ({n:,}) is out of range.", f"Choose 4 to {MOST_POINTS:,} points."
        )
    if not 0 <= noise <= 1:
        raise SpaceHubError(
            f"The noise level ({noise:g}) is out of range.", "Choose a noise level from 0 to 1."
        )
    draw = np.random.default_rng(seed)
    places, labels = SETS[name](int(n), draw)
    return places + noise * draw.standard_normal(places.shape), labels


@dataclass(frozen=True, kw_only=True)
class Digits:
    """Training digits as rows of 64 grey values from 0 to 1 with their labels, and the same for held-out digits."""

    x: np.ndarray
    labels: np.ndarray
    held_x: np.ndarray
    held_labels: np.ndarray


# How a quarter of the digits is held out.
SPLITS = ("a random quarter", "the last quarter")


@cache
def digits(split: str = SPLITS[0]) -> Digits:
    """Return scikit-learn's 1,797 digits of 8 × 8 pixels, with a quarter of them held out.

    *A random quarter* is every fourth sample of each digit after one fixed shuffle: 449 images. The training
    digits include the same writers. *The last quarter* is the last 449 digits in the file's order, unshuffled.

    Raises
    ------
    SpaceHubError
        If there is no such split.
    """
    if split not in SPLITS:
        raise SpaceHubError(f"Unknown split: {split!r}.", f"Choose one of: {', '.join(SPLITS)}.")
    x, labels = load()
    held = np.zeros(len(x), dtype=bool)
    if split == SPLITS[1]:
        held[-(len(x) // 4) :] = True
    else:
        order = np.random.default_rng(0).permutation(len(x))
        # Sorted by digit, in the shuffle's order within each.
        held[order[np.argsort(labels[order], kind="stable")][3::4]] = True
    return Digits(x=x[~held] / 16, labels=labels[~held], held_x=x[held] / 16, held_labels=labels[held])
