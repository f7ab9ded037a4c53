"""The first principal component.

Return the unit vector along which the rows vary most, and the share of the variance along this vector. Choose the sign of the vector so that
its entry with the largest absolute value is positive.
"""

import numpy as np

from spacehub.course.checks import returns

START = """
import numpy as np


def first_component(x):
    '''x: (n, p). Return (vector of shape (p,), share).'''
"""
HINTS = (
    "Subtract the mean of each column first.",
    "`np.linalg.svd(centred, full_matrices=False)` returns `u, s, vt`. The first principal component is `vt[0]`.",
    "The variances are proportional to the squares of the singular values.",
)


def first_component(x):
    _, s, vt = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    vector = vt[0] * np.sign(vt[0][np.abs(vt[0]).argmax()])
    return vector, s[0] ** 2 / (s**2).sum()


def wrong(x):
    _, s, vt = np.linalg.svd(x, full_matrices=False)
    return np.abs(vt[0]), s[0] / s.sum()


CHECKS = (
    returns("points on a line", ([0.6, 0.8], 1.0), np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])),
    returns("the mean does not matter", ([1.0, 0.0], 1.0), np.array([[1.0, 100.0], [3.0, 100.0]])),
    returns("a falling line", ([0.8, -0.6], 1.0), np.array([[0.0, 0.0], [4.0, -3.0]])),
    returns("the share of the variance", ([1.0, 0.0], 0.8), np.array([[2.0, 0], [-2, 0], [0, 1], [0, -1]])),
)
