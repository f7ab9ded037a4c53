"""K-means from scratch: points are divided among k centres, each the mean of its points."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError

MOST_CENTRES = 20
MOST_STEPS = 300


@dataclass(frozen=True, kw_only=True)
class Clustering:
    """Points divided among `centres`, float [k, D].

    `labels` (int [N]) holds each point's centre. `inertia` is the sum of squared distances, and `history` its value
    before each step.
    """

    centres: np.ndarray
    labels: np.ndarray
    history: list[float]

    @property
    def inertia(self) -> float:
        """The sum of squared distances of the points from their centres."""
        return self.history[-1]


def nearest(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return the index of the nearest of the centres [k, D] for each of the points [N, D], int [N]."""
    # |p - c|² without |p|², which is the same for all centres.
    return ((centres**2).sum(axis=1) - 2 * (points @ centres.T)).argmin(axis=1)


def first_centres(points: np.ndarray, k: int, *, seed: int) -> np.ndarray:
    """Draw k initial centres from points [N, D], favouring points far from the centres drawn so far.

    The probability of a point is proportional to its squared distance from the nearest of those centres (k-means++:
    Arthur and Vassilvitskii, SODA 2007).

    Raises
    ------
    SpaceHubError
        If there are fewer than k distinct points.
    """
    draw = np.random.default_rng(seed)
    chosen = [draw.integers(len(points))]
    away = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    for different in range(1, k):
        if not away.any():
            raise SpaceHubError(
                f"{len(points):,} pixels with {different} different colours cannot form {k} regions.",
                f"Choose at most {different} regions.",
            )
        chosen.append(draw.choice(len(points), p=away / away.sum()))
        away = np.minimum(away, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return points[chosen]


def k_means(points: np.ndarray, k: int, *, seed: int = 0, centres: np.ndarray | None = None) -> Clustering:
    """Divide points [N, D] among k centres, and move each centre to the mean of its points, until no point changes.

    Lloyd, IEEE Transactions on Information Theory 28 (1982). A centre without points moves to the point
    farthest from its own centre.

    Parameters
    ----------
    centres : array of float, [k, D], optional
        The start, instead of k-means++ from `seed`.

    Raises
    ------
    SpaceHubError
        If there are fewer different points than centres, k is out of range, or `MOST_STEPS` are not enough.
    """
    check_k(k)
    centres = first_centres(points, k, seed=seed) if centres is None else centres.astype(float)
    labels, history = np.full(len(points), -1), []
    for _ in range(MOST_STEPS):
        before = labels
        labels = nearest(points, centres)
        away = ((points - centres[labels]) ** 2).sum(axis=1)
        history.append(float(away.sum()))
        if (labels == before).all():
            break
        counts = np.bincount(labels, minlength=k)
        for empty in np.flatnonzero(counts == 0):
            farthest = away.argmax()
            counts[labels[farthest]] -= 1
            labels[farthest], away[farthest], counts[empty] = empty, 0, 1
        sums = [np.bincount(labels, weights=column, minlength=k) for column in points.T]
        centres = np.stack(sums, axis=1) / counts[:, np.newaxis]
    else:
        raise SpaceHubError(
            f"K-means with {k} regions did not converge after {MOST_STEPS} steps.",
            "Choose fewer regions or another seed.",
        )
    return Clustering(centres=centres, labels=labels, history=history)


def best_of(starts: int, points: np.ndarray, k: int, *, seed: int = 0) -> Clustering:
    """Return the best of several k-means runs with different random starts, because a single run may end in a poor local minimum."""
    return min(
        (k_means(points, k, seed=seed + turn) for turn in range(starts)), key=lambda made: made.inertia
    )


def check_k(k: int) -> None:
    """Check that a number of regions is in range."""
    if k != int(k) or not 1 <= k <= MOST_CENTRES:
        raise SpaceHubError(
            f"The number of regions ({k}) is out of range.",
            f"Choose a whole number from 1 to {MOST_CENTRES}.",
        )
