"""Wilson's interval.

Return the 95 % Wilson interval of a proportion, given the numbers of successes and trials. Use z = 1.96.
"""

import math

from spacehub.course.checks import returns

START = """
import math


def wilson(successes, trials):
    '''Return (low, high).'''
"""
HINTS = (
    "The centre is `(p + z²/2n) / (1 + z²/n)`.",
    "The half width is `z sqrt(p(1 - p)/n + z²/4n²) / (1 + z²/n)`.",
)


def wilson(successes, trials):
    z, p = 1.96, successes / trials
    grown = 1 + z * z / trials
    centre = (p + z * z / (2 * trials)) / grown
    half = z * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials)) / grown
    return centre - half, centre + half


def wrong(successes, trials):
    p = successes / trials
    half = 1.96 * math.sqrt(p * (1 - p) / trials)
    return p - half, p + half


CHECKS = (
    returns("half of a hundred", (0.40383, 0.59617), 50, 100, tolerance=1e-5),
    returns("all of twenty", (0.83887, 1.0), 20, 20, tolerance=1e-5),
    returns("none of ten", (0.0, 0.27754), 0, 10, tolerance=1e-5),
)
