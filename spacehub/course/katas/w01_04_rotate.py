"""Rotate a point.

Rotate the point (x, y) about the origin by an angle in degrees, counterclockwise. Use only the `math` module.
"""

import math

from spacehub.course.checks import holds, returns

START = """
import math


def rotate(x, y, degrees):
    '''Return the new point as (x, y).'''
"""
HINTS = (
    "`math.cos` and `math.sin` expect radians, so use `math.radians(degrees)`.",
    "The new x is `x cos a - y sin a`.",
    "The new y is `x sin a + y cos a`. Both formulas use the old value of x.",
)


def rotate(x, y, degrees):
    angle = math.radians(degrees)
    return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)


def wrong(x, y, degrees):
    angle = math.radians(degrees)
    x = x * math.cos(angle) - y * math.sin(angle)
    y = x * math.sin(angle) + y * math.cos(angle)
    return x, y


CHECKS = (
    returns("a quarter turn of (1, 0)", (0.0, 1.0), 1, 0, 90),
    returns("a turn of 45 degrees", (0.0, 2**0.5), 1, 1, 45),
    returns("clockwise by a negative angle", (0.0, -3.0), 3, 0, -90),
    returns("a full turn changes nothing", (2.0, -5.0), 2, -5, 360),
    holds(
        "the distance from the origin is unchanged",
        lambda rotate: abs(math.hypot(*rotate(3, 4, 77)) - 5) < 1e-9,
        "The result of rotate(3, 4, 77) is not at a distance of 5 from the origin.",
    ),
)
