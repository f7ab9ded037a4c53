"""Quantise to eight bits.

Quantise values in the range from `low` to `high` to codes, which are integers from 0 to 255. Return the codes and the values that the codes
represent. Clip values outside the range.
"""

import numpy as np

from spacehub.course.checks import holds, returns

START = """
import numpy as np


def quantise(values, low, high):
    '''values: array. Return (codes from 0 to 255, restored values), arrays of the same shape.'''
"""
HINTS = (
    "The scale is `(high - low) / 255`. A code is `round((value - low) / scale)`, clipped to the range from 0 to 255.",
    "The restored value is `code * scale + low`.",
)


def quantise(values, low, high):
    scale = (high - low) / 255
    codes = np.clip(np.round((values - low) / scale), 0, 255)
    return codes, codes * scale + low


def wrong(values, low, high):
    scale = (high - low) / 256
    codes = np.round((values - low) / scale)
    return codes, codes * scale + low


CHECKS = (
    returns("the ends of the range", ([0.0, 255.0], [0.0, 1.0]), np.array([0.0, 1.0]), 0.0, 1.0),
    returns("values outside the range", ([0.0, 255.0], [-1.0, 1.0]), np.array([-5.0, 9.0]), -1.0, 1.0),
    returns("a value inside the range", ([3.0], [3.0]), np.array([3.2]), 0.0, 255.0),
    holds(
        "the error is at most half a step",
        lambda f: (
            np.abs(f(np.linspace(2, 7, 999), 2.0, 7.0)[1] - np.linspace(2, 7, 999)).max() <= 2.5 / 255 + 1e-12
        ),
        "The error of a value is larger than half a step.",
    ),
)
