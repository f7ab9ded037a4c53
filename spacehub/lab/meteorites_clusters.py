"""Clusters of meteorites on the globe: DBSCAN over great-circle distances."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError

# Mean radius of the Earth, km (IUGG).
EARTH_KM = 6371.0088
# All pairs are compared at once: this many points give a matrix of 16 million numbers.
MOST_POINTS = 4000
NOISE = -1


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A cluster: the number of points, its centre in degrees, and the distance to its farthest point in km."""

    points: int
    latitude: float
    longitude: float
    reach_km: float


def unit_vectors(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Convert latitudes and longitudes in degrees to points on the unit sphere, (n, 3)."""
    north, east = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=-1)


def dbscan(latitude: np.ndarray, longitude: np.ndarray, *, radius_km: float, least: int) -> np.ndarray:
    """Cluster points on the Earth by density.

    A point is a core if at least `least` points, including itself, are within `radius_km`. Cores within the radius
    of each other are in one cluster. Any other point joins the first cluster with a core within the radius. A point
    without a core within the radius is noise. Ester et al., "A density-based algorithm …", KDD 1996.

    Parameters
    ----------
    latitude, longitude : array of float, (n,)
        In degrees.
    radius_km : float
        Great-circle distance.
    least : int
        The number of points that make a core.

    Returns
    -------
    array of int, (n,)
        The cluster of each point, numbered from 0 in the order of their first cores, or -1.

    Raises
    ------
    SpaceHubError
        If there are more than 4,000 points, or a parameter is invalid.
    """
    if len(latitude) > MOST_POINTS:
        raise SpaceHubError(
            f"There are too many points ({len(latitude):,}) to compare all pairs.",
            f"Use the filters to select at most {MOST_POINTS:,} points.",
        )
    if not radius_km > 0:
        raise SpaceHubError(f"The radius ({radius_km:g} km) is out of range.", "Choose a radius above 0 km.")
    if least < 1:
        raise SpaceHubError(f"The number of points ({least}) is out of range.", "Choose at least 1 point.")
    points = unit_vectors(latitude, longitude)
    # Two points are near each other if the cosine of the angle between them is large enough.
    near = points @ points.T >= np.cos(min(radius_km / EARTH_KM, np.pi)) - 1e-15
    np.fill_diagonal(near, True)
    cores = np.flatnonzero(near.sum(axis=1) >= least)
    labels = np.full(len(points), NOISE)
    labels[cores] = _components(near[np.ix_(cores, cores)])
    others = np.setdiff1d(np.arange(len(points)), cores)
    nearest = np.where(near[np.ix_(others, cores)], labels[cores], len(points)).min(
        axis=1, initial=len(points)
    )
    labels[others] = np.where(nearest < len(points), nearest, NOISE)
    return labels


def _components(near: np.ndarray) -> np.ndarray:
    """Number the connected components of a symmetric (n, n) neighbour matrix in the order of their first members."""
    labels = np.full(len(near), NOISE)
    for first in range(len(near)):
        if labels[first] != NOISE:
            continue
        label, front = labels.max() + 1, np.array([first])
        while len(front):
            labels[front] = label
            front = np.flatnonzero(near[front].any(axis=0) & (labels == NOISE))
    return labels


def describe(latitude: np.ndarray, longitude: np.ndarray, labels: np.ndarray) -> list[Cluster]:
    """Describe each cluster, by label."""
    points = unit_vectors(latitude, longitude)
    clusters = []
    for label in range(labels.max(initial=NOISE) + 1):
        members = points[labels == label]
        middle = members.mean(axis=0)
        middle /= np.linalg.norm(middle)
        clusters.append(
            Cluster(
                points=len(members),
                latitude=float(np.degrees(np.arcsin(middle[2]))),
                longitude=float(np.degrees(np.arctan2(middle[1], middle[0]))),
                reach_km=float(EARTH_KM * np.arccos(np.clip(members @ middle, -1, 1)).max()),
            )
        )
    return clusters
