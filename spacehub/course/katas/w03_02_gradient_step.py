"""A gradient step.

Take one step of gradient descent on the mean squared error of the line `y = w x + b`, and return the new w and b.
"""

from spacehub.course.checks import holds, returns

START = """
def gradient_step(w, b, x, y, rate):
    '''x, y: lists of equal length. Return (w, b) after the step.'''
"""
HINTS = (
    "The error of each point is `w x + b - y`.",
    "The derivative with respect to w is the mean of `2 * error * x`. The derivative with respect to b is the mean of `2 * error`.",
    "Move against the derivative: the new w is `w - rate * derivative`. Compute both derivatives before you change w or b.",
)


def gradient_step(w, b, x, y, rate):
    errors = [w * a + b - c for a, c in zip(x, y, strict=True)]
    by_w = 2 * sum(error * a for error, a in zip(errors, x, strict=True)) / len(x)
    by_b = 2 * sum(errors) / len(x)
    return w - rate * by_w, b - rate * by_b


def wrong(w, b, x, y, rate):
    errors = [w * a + b - c for a, c in zip(x, y, strict=True)]
    by_w = 2 * sum(error * a for error, a in zip(errors, x, strict=True)) / len(x)
    return w + rate * by_w, b + rate * 2 * sum(errors) / len(x)


def _many(step):
    w, b = 0.0, 0.0
    for _ in range(2000):
        w, b = step(w, b, [0, 1, 2, 3], [1, 3, 5, 7], 0.1)
    return abs(w - 2) < 1e-6 and abs(b - 1) < 1e-6


CHECKS = (
    returns("one point", (0.4, 0.2), 0.0, 0.0, [2], [1], 0.1),
    returns("two points", (1.0, 0.6), 0.0, 0.0, [1, 2], [2, 4], 0.1),
    returns("no step at the minimum", (2.0, 1.0), 2.0, 1.0, [0, 1], [1, 3], 0.5),
    holds(
        "many steps find the line",
        _many,
        "After 2,000 steps w should be 2 and b 1 for the points of y = 2x + 1.",
    ),
)
