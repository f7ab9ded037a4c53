"""Unusual values.

Return the indices of the values that are more than `limit` robust deviations away from the median. One robust deviation is 1.4826 times the
median of the absolute distances from the median.
"""

import numpy as np

from spacehub.course.checks import returns

START = """
import numpy as np


def unusual(values, limit):
    '''values: array of shape (n,). Return a list of indices, in order.'''
"""
HINTS = (
    "`np.median(np.abs(values - np.median(values)))` is the median distance from the median. Outliers hardly change the median distance.",
    "`np.flatnonzero(...).tolist()` returns the indices.",
)


def unusual(values, limit):
    away = np.abs(values - np.median(values))
    return np.flatnonzero(away > limit * 1.4826 * np.median(away)).tolist()


def wrong(values, limit):
    return np.flatnonzero(np.abs(values - values.mean()) > limit * values.std()).tolist()


CHECKS = (
    returns("one outlier", [4], np.array([1.0, 2.0, 3.0, 2.0, 50.0]), 3.0),
    returns("outliers do not hide each other", [0, 1], np.array([90.0, 100.0, 1, 2, 3, 2, 1, 2]), 3.0),
    returns("outliers on both sides", [0, 6], np.array([-40.0, 1, 2, 3, 2, 1, 60.0]), 3.0),
    returns("nothing unusual", [], np.array([1.0, 2.0, 3.0]), 3.0),
)
