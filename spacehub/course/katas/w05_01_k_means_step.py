"""A k-means step.

Assign each point to its nearest centre, then move each centre to the mean of its points. A centre without points does not move. Return the
labels and the new centres.
"""

import numpy as np

from spacehub.course.checks import returns

START = """
import numpy as np


def k_means_step(points, centres):
    '''points: (n, d); centres: (k, d). Return (labels of shape (n,), centres (k, d)).'''
"""
HINTS = (
    "`points[:, None] - centres[None]` has the shape (n, k, d). The sum of the squares over the last axis is the squared distance.",
    "`argmin(axis=1)` returns the labels.",
    "Loop over the centres k. Move a centre only if `(labels == k).any()`.",
)


def k_means_step(points, centres):
    labels = ((points[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
    moved = [
        points[labels == k].mean(axis=0) if (labels == k).any() else centre
        for k, centre in enumerate(centres)
    ]
    return labels, np.array(moved)


def wrong(points, centres):
    labels = ((points[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
    return labels, np.array(
        [points[labels == k].sum(axis=0) / max((labels == k).sum(), 1) for k in range(len(centres))]
    )


CHECKS = (
    returns(
        "two clear groups",
        ([0, 0, 1, 1], [[0.5, 0.0], [10.5, 0.0]]),
        np.array([[0.0, 0], [1, 0], [10, 0], [11, 0]]),
        np.array([[0.0, 0], [11, 0]]),
    ),
    returns(
        "a centre without points does not move",
        ([0, 0], [[0.5], [9.0]]),
        np.array([[0.0], [1.0]]),
        np.array([[0.0], [9.0]]),
    ),
    returns(
        "the distance uses all coordinates",
        ([1], [[0.0, 0.0], [3.0, 4.0]]),
        np.array([[3.0, 4.0]]),
        np.array([[0.0, 0.0], [3.0, 5.0]]),
    ),
)
