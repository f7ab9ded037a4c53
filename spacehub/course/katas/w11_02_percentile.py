"""The p95 of response times.

Return a percentile of response times by the nearest-rank method. The percentile is the smallest time T in the list such that at least a fraction `share` of all times is at most T.
"""

import math

from spacehub.course.checks import returns

START = """
import math


def percentile(times, share):
    '''times: a list, not empty, in any order; share: above 0, up to 1.'''
"""
HINTS = (
    "Sort the times. The rank, counted from 1, is `ceil(share * n)`.",
    "Lists count from 0, so use the index `rank - 1`.",
)


def percentile(times, share):
    return sorted(times)[math.ceil(share * len(times)) - 1]


def wrong(times, share):
    return sorted(times)[int(share * len(times)) - 1]


CHECKS = (
    returns("ninety-five of a hundred", 95, list(range(1, 101)), 0.95),
    returns("the median of three", 2, [3, 1, 2], 0.5),
    returns("a share of 1 gives the longest time", 9, [4, 9, 1], 1.0),
    returns("one time", 5, [5], 0.95),
    returns("the rank is rounded up", 3, [1, 2, 3], 0.9),
)
