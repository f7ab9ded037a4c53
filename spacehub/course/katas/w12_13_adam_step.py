"""Interview: a step of Adam.

Return the new weight and the two moments after step t of Adam. Steps are counted from 1. The moments are ``m' = b1 m + (1 - b1) g`` and ``v'
= b2 v + (1 - b2) g²``. The weight changes by ``-rate * mhat / (sqrt(vhat) + 1e-8)``, where mhat is ``m' / (1 - b1^t)`` and vhat is ``v' / (1
- b2^t)``.
"""

import math

from spacehub.course.checks import returns

START = """
import math


def adam_step(w, g, m, v, t, rate, b1, b2):
    '''All numbers. Return (w, m, v).'''
"""
HINTS = (
    "Update m and v first. Use the corrected moments only to change the weight, and return the uncorrected moments.",
)


def adam_step(w, g, m, v, t, rate, b1, b2):
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
    step = m / (1 - b1**t) / (math.sqrt(v / (1 - b2**t)) + 1e-8)
    return w - rate * step, m, v


def wrong(w, g, m, v, t, rate, b1, b2):
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
    return w - rate * m / (math.sqrt(v) + 1e-8), m, v


CHECKS = (
    returns(
        "the first step is as long as the learning rate",
        (0.9, 0.2, 0.004),
        1.0,
        2.0,
        0.0,
        0.0,
        1,
        0.1,
        0.9,
        0.999,
        tolerance=1e-7,
    ),
    returns(
        "the size of the gradient does not matter",
        (1.1, -50.0, 250.0),
        1.0,
        -500.0,
        0.0,
        0.0,
        1,
        0.1,
        0.9,
        0.999,
        tolerance=1e-7,
    ),
    returns(
        "the moments keep the history",
        (-0.1 * (0.5 / 0.75) / math.sqrt(1 / 0.75 + 0.0), 0.5, 1.0),
        0.0,
        0.0,
        1.0,
        2.0,
        2,
        0.1,
        0.5,
        0.5,
        tolerance=1e-6,
    ),
)
