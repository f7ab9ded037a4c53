"""One step of Euler's method.

A body at position x has velocity v and acceleration a(x). Use Euler's explicit method to compute the position and the velocity after one step
of length h. Compute both changes from the values at the start of the step.
"""

from spacehub.course.checks import holds, returns

START = """
def euler_step(x, v, acceleration, h):
    '''acceleration: a function of the position. Return (x, v) after the step.'''
"""
HINTS = (
    "The position changes by h times the old velocity.",
    "The velocity changes by h times the acceleration at the old position.",
)


def euler_step(x, v, acceleration, h):
    return x + h * v, v + h * acceleration(x)


def wrong(x, v, acceleration, h):
    v = v + h * acceleration(x)
    return x + h * v, v


def _spring(x):
    return -x


CHECKS = (
    returns("a free body keeps its velocity", (3.0, 2.0), 1.0, 2.0, lambda x: 0.0, 1.0),
    returns("a spring that starts at rest", (1.0, -0.1), 1.0, 0.0, _spring, 0.1),
    returns("a spring in motion", (1.2, 1.9), 1.0, 2.0, _spring, 0.1),
    holds(
        "the energy of a spring grows by the factor 1 + h², as in Euler's method",
        lambda step: abs(sum(value**2 for value in step(0.6, 0.8, _spring, 0.5)) - 1.25) < 1e-12,
        "x² + v² should grow from 1 to 1.25 with a step of 0.5: use the old values for both updates.",
    ),
)
