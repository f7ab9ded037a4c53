"""Standardise columns with NumPy.

Scale each column of an array of shape (n, p) to mean 0 and standard deviation 1. For the standard deviation, divide by n, not by n - 1. If
all values of a column are equal, set the column to 0. Do not use loops.
"""

import numpy as np

from spacehub.course.checks import returns

START = """
import numpy as np


def standardise(x):
    '''x: array of shape (n, p). Return an array of the same shape.'''
"""
HINTS = (
    "`x.mean(axis=0)` returns the mean of each column. In `x - x.mean(axis=0)`, broadcasting subtracts the means from each row.",
    "If the standard deviation is 0, divide by 1 instead: `np.where(spread == 0, 1, spread)`.",
)


def standardise(x):
    spread = x.std(axis=0)
    return (x - x.mean(axis=0)) / np.where(spread == 0, 1, spread)


def wrong(x):
    return (x - x.mean()) / x.std()


CHECKS = (
    returns("one column", [[-1.0], [1.0]], np.array([[1.0], [3.0]])),
    returns(
        "the columns are scaled separately",
        [[-1.0, 1.0], [1.0, -1.0]],
        np.array([[0.0, 400.0], [2.0, 200.0]]),
    ),
    returns("a column without spread", [[0.0, -1.0], [0.0, 1.0]], np.array([[5.0, 1.0], [5.0, 2.0]])),
)
