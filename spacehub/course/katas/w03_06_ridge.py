"""Ridge regression with NumPy.

Return the weights w that minimise ``|X w - y|² + ridge |w|²``, by solving the normal equations. The model has no intercept.
"""

import numpy as np

from spacehub.course.checks import returns

START = """
import numpy as np


def ridge_weights(x, y, ridge):
    '''x: array (n, p); y: array (n,). Return an array (p,).'''
"""
HINTS = (
    "The weights solve the equation `(XᵀX + ridge I) w = Xᵀ y`.",
    "`np.linalg.solve(a, b)` is more accurate than computing the inverse.",
)


def ridge_weights(x, y, ridge):
    return np.linalg.solve(x.T @ x + ridge * np.eye(x.shape[1]), x.T @ y)


def wrong(x, y, ridge):
    return np.linalg.solve(x.T @ x + ridge, x.T @ y)


CHECKS = (
    returns(
        "without a ridge, an exact fit",
        [2.0, -1.0],
        np.array([[1.0, 0], [0, 1], [1, 1]]),
        np.array([2.0, -1, 1]),
        0.0,
    ),
    returns("a ridge shrinks the weights", [1.0, -0.5], np.eye(2), np.array([2.0, -1]), 1.0),
    returns("equal columns share the weight", [0.4, 0.4], np.ones((2, 2)), np.ones(2), 1.0),
)
