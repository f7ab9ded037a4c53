"""How many regions to use: the elbow in k-means' sum of squares, and the silhouette."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.segmentation_kmeans import best_of, nearest

COUNTS = range(1, 9)
# The silhouette compares all pairs of points.
MOST_COMPARED, MOST_CLUSTERED, STARTS = 500, 1000, 3


@dataclass(frozen=True, kw_only=True)
class Choice:
    """For each number of regions in `counts`: k-means' sum of squares, and the mean silhouette (NaN for one region)."""

    counts: list[int]
    inertias: np.ndarray
    silhouettes: np.ndarray
    elbow: int

    @property
    def best(self) -> int | None:
        """The number with the largest silhouette, or None if no number above one is possible."""
        known = ~np.isnan(self.silhouettes)
        return self.counts[int(np.nanargmax(self.silhouettes))] if known.any() else None


def silhouettes(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return each point's silhouette [N], from -1 to 1: how much closer it is to its own cluster than to the nearest other cluster.

    ``(b - a) / max(a, b)``, where `a` is the mean distance from the other points of its cluster and `b` the
    smallest mean distance from the points of another cluster. The silhouette is 0 for a point alone in its cluster.
    Rousseeuw, J. Comput. Appl. Math. 20 (1987).

    Raises
    ------
    SpaceHubError
        If there are not 2 to N - 1 clusters.
    """
    kinds, place = np.unique(labels, return_inverse=True)
    if not 2 <= len(kinds) < len(points):
        raise SpaceHubError(
            f"The silhouette score is undefined for {len(points)} points in {len(kinds)} clusters.",
            "Choose at least 2 clusters, but fewer clusters than points.",
        )
    apart = np.sqrt(((points[:, np.newaxis] - points) ** 2).sum(axis=2))
    membership = np.eye(len(kinds))[place]
    counts, sums = membership.sum(axis=0), apart @ membership
    others = counts[place] - 1
    a = sums[np.arange(len(points)), place] / np.maximum(others, 1)
    b = np.where(membership == 1, np.inf, sums / counts).min(axis=1)
    larger = np.maximum(a, b)
    return np.where((others == 0) | (larger == 0), 0.0, (b - a) / np.where(larger == 0, 1, larger))


def elbow(counts: list[int], inertias: np.ndarray) -> int:
    """Return the count at which the curve lies farthest below the straight line between its ends.

    Satopää et al., "Finding a Kneedle in a Haystack", ICDCS Workshops 2011.
    """
    x = np.array(counts, dtype=float)
    line = np.interp(x, x[[0, -1]], inertias[[0, -1]])
    return counts[int((line - inertias).argmax())]


def choose(points: np.ndarray) -> Choice:
    """Cluster the first 1,000 of points [N, D] into 1, 2, … 8 clusters, and measure how well each number fits.

    The best of three random starts is kept, and the silhouette uses the first 500 points. If there are fewer than 8 distinct
    points, only smaller numbers are tried.
    """
    points = points[:MOST_CLUSTERED]
    different = len(np.unique(points, axis=0))
    counts = [k for k in COUNTS if k <= different]
    compared, inertias, means = points[:MOST_COMPARED], [], []
    for k in counts:
        best = best_of(STARTS, points, k)
        labels = nearest(compared, best.centres)
        inertias.append(best.inertia)
        kinds = len(np.unique(labels))
        means.append(silhouettes(compared, labels).mean() if 2 <= kinds < len(compared) else np.nan)
    inertias = np.array(inertias)
    return Choice(
        counts=counts, inertias=inertias, silhouettes=np.array(means), elbow=elbow(counts, inertias)
    )
