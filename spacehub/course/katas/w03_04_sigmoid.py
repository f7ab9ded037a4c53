"""A sigmoid that does not overflow.

Return ``1 / (1 + exp(-z))`` for any z, without an `OverflowError`.
"""

import math

from spacehub.course.checks import returns

START = """
import math


def sigmoid(z):
    '''z: any number. Return a probability from 0 to 1.'''
"""
HINTS = (
    "`math.exp(-z)` overflows for z below about -709.",
    "For z below 0, use `exp(z) / (1 + exp(z))`, which has the same value.",
)


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    grown = math.exp(z)
    return grown / (1 + grown)


def wrong(z):
    return 1 / (1 + math.exp(-z))


CHECKS = (
    returns("z = 0", 0.5, 0),
    returns("z = 2", 0.8807970779778823, 2),
    returns("z = -2", 0.11920292202211755, -2),
    returns("a very large z", 1.0, 1000.0),
    returns("a very negative z", 0.0, -1000.0),
)
