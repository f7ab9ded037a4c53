"""Drift by PSI.

Return the population stability index (PSI) of two histograms: the sum of ``(q - p) ln(q / p)`` over the bins. Here, p is a bin's proportion in the
training data, and q is its proportion in use. Replace proportions below 0.0001 with 0.0001.
"""

import math

from spacehub.course.checks import returns

START = """
import math


def psi(before, now):
    '''Two lists of counts for the same bins.'''
"""
HINTS = (
    "Divide each list by its sum.",
    "`max(p, 0.0001)` avoids a logarithm of 0.",
)


def psi(before, now):
    total = 0.0
    for one, other in zip(before, now, strict=True):
        p, q = max(one / sum(before), 1e-4), max(other / sum(now), 1e-4)
        total += (q - p) * math.log(q / p)
    return total


def wrong(before, now):
    return sum((b - a) * math.log(max(b, 1e-4) / max(a, 1e-4)) for a, b in zip(before, now, strict=True))


CHECKS = (
    returns("equal proportions", 0.0, [1, 3], [10, 30]),
    returns("a shift", 0.25 * math.log(2) + 0.25 * math.log(1.5), [1, 3], [2, 2]),
    returns("an empty bin", 0.4999 * math.log(5000) + 0.5 * math.log(2), [1, 1], [0, 1]),
)
