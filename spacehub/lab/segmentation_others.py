"""Other clusterings of a sample of colours with scikit-learn: k-means, DBSCAN and agglomerative clustering."""

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.segmentation_kmeans import check_k

# All pairs are compared.
MOST_COMPARED = 1000
LINKAGES = ("ward", "complete", "average", "single")
NOISE = -1


def k_means_of_sklearn(points: np.ndarray, k: int, *, starts: int, seed: int = 0) -> tuple[np.ndarray, float]:
    """Return scikit-learn's centres [k, D] for points [N, D], from its best start, and the sum of squares."""
    from sklearn.cluster import KMeans

    check_k(k)
    fitted = KMeans(k, n_init=starts, random_state=seed, tol=0).fit(points)
    return fitted.cluster_centers_, float(fitted.inertia_)


def by_density(points: np.ndarray, *, radius: float, least: int) -> np.ndarray:
    """Return each point's cluster by DBSCAN, or `NOISE`, int [N] (Ester et al., KDD 1996).

    Raises
    ------
    SpaceHubError
        If there are too many points, or a parameter is invalid.
    """
    from sklearn.cluster import DBSCAN

    _check(points)
    if not 0 < radius < np.inf:
        raise SpaceHubError(f"The radius ({radius:g}) is out of range.", "Choose a radius above 0.")
    if least != int(least) or least < 1:
        raise SpaceHubError(
            f"The number of points ({least:g}) is out of range.", "Choose a whole number of points above 0."
        )
    return DBSCAN(eps=radius, min_samples=int(least)).fit_predict(points)


def bottom_up(points: np.ndarray, k: int, *, linkage: str) -> np.ndarray:
    """Return each point's cluster, int [N], by merging the two nearest clusters until k are left (Ward 1963).

    Parameters
    ----------
    linkage : str
        How distance is measured; one of `LINKAGES`.

    Raises
    ------
    SpaceHubError
        If there are too many points, no such linkage, or k is out of range.
    """
    from sklearn.cluster import AgglomerativeClustering

    _check(points)
    check_k(k)
    if k > len(points):
        raise SpaceHubError(
            f"{len(points)} pixels cannot form {k} regions.", f"Choose at most {len(points)} regions."
        )
    if linkage not in LINKAGES:
        raise SpaceHubError(f"Unknown linkage method: {linkage!r}.", f"Choose one of: {', '.join(LINKAGES)}.")
    return AgglomerativeClustering(k, linkage=linkage).fit_predict(points)


def agreement(first: np.ndarray, other: np.ndarray) -> float:
    """Return the agreement of two clusterings by the adjusted Rand index (Hubert and Arabie 1985).

    Full agreement gives 1; agreement by chance gives 0 on average.
    """
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(first, other))


def extend(
    points: np.ndarray, sample: np.ndarray, labels: np.ndarray, *, radius: float | None = None
) -> np.ndarray:
    """Give each of the points [N, D] the label of the nearest point of a clustered sample.

    Points with no sample point within `radius` become `NOISE`.
    """
    from scipy.spatial import cKDTree

    apart, place = cKDTree(sample).query(points, distance_upper_bound=np.inf if radius is None else radius)
    far = np.isinf(apart)
    return np.where(far, NOISE, labels[np.where(far, 0, place)])


def _check(points: np.ndarray) -> None:
    if not 2 <= len(points) <= MOST_COMPARED:
        raise SpaceHubError(
            f"Cannot compare all pairs of {len(points):,} points.",
            f"Choose 2 to {MOST_COMPARED:,} points.",
        )
