"""DBSCAN's core points.

For each point, return whether it is a core point of DBSCAN. A core point has at least `least` points within the distance `radius`, including
the point itself.
"""

import numpy as np

from spacehub.course.checks import returns

START = """
import numpy as np


def cores(points, radius, least):
    '''points: (n, d). Return a boolean array of shape (n,).'''
"""
HINTS = (
    "Compute all distances as an array of shape (n, n). The distance of a point to itself is 0.",
    "To count the neighbours, use `(distances <= radius).sum(axis=1)`.",
)


def cores(points, radius, least):
    distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    return (distances <= radius).sum(axis=1) >= least


def wrong(points, radius, least):
    distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    return (distances <= radius).sum(axis=1) - 1 >= least


CHECKS = (
    returns("the point itself counts", [True, True, False], np.array([[0.0], [1.0], [5.0]]), 1.0, 2),
    returns("a single point is enough if `least` is 1", [True], np.array([[0.0, 0.0]]), 1.0, 1),
    returns("a point exactly at the radius counts", [True, True], np.array([[0.0, 0.0], [3.0, 4.0]]), 5.0, 2),
    returns(
        "only the middle of a chain is a core point",
        [False, True, False],
        np.array([[0.0], [1.0], [2.0]]),
        1.0,
        3,
    ),
)
