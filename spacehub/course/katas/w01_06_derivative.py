"""A numerical derivative.

Estimate the derivative of a function f at x by the central difference, ``(f(x + h) - f(x - h)) / (2h)``, with a step size h of your choice.
The derivative should be correct to eight digits for sin, exp and x³ at moderate values of x.
"""

import math

from spacehub.course.checks import holds, returns

START = """
def derivative(f, x):
    '''f: a function of one number. Return its derivative at x.'''
"""
HINTS = (
    "If the step size h is too large, the truncation error dominates. The truncation error is proportional to h².",
    "If the step size h is too small, the rounding error dominates. The rounding error is proportional to `1e-16 / h`.",
    "The truncation error and the rounding error are equal if the step size is near the cube root of 1e-16.",
)


def derivative(f, x):
    h = 1e-5
    return (f(x + h) - f(x - h)) / (2 * h)


def wrong(f, x):
    h = 1e-12
    return (f(x + h) - f(x)) / h


CHECKS = (
    returns("sin at 1", 0.5403023058681398, math.sin, 1.0, tolerance=1e-8),
    returns("exp at 0", 1.0, math.exp, 0.0, tolerance=1e-8),
    holds("x³ at 2", lambda d: abs(d(lambda x: x**3, 2.0) - 12) < 1e-7, "The derivative of x³ at 2 is 12."),
    holds(
        "a line is exact",
        lambda d: abs(d(lambda x: 3 * x + 1, 5.0) - 3) < 1e-8,
        "The derivative of 3x + 1 is 3.",
    ),
)
