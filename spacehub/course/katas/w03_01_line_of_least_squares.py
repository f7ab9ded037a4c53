"""A least-squares line.

Fit a line to points (x, y) by least squares, with the closed-form solution. Return the slope and the intercept of the line.
"""

from spacehub.course.checks import returns

START = """
def least_squares(x, y):
    '''Two lists of equal length. Return (slope, intercept).'''
"""
HINTS = (
    "The slope is the sum of `(x - mean x)(y - mean y)`, divided by the sum of `(x - mean x)²`.",
    "The line goes through the point of the two means, so the intercept is `mean y - slope * mean x`.",
)


def least_squares(x, y):
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    both = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    slope = both / sum((a - mean_x) ** 2 for a in x)
    return slope, mean_y - slope * mean_x


def wrong(x, y):
    slope = sum(a * b for a, b in zip(x, y, strict=True)) / sum(a * a for a in x)
    return slope, 0.0


CHECKS = (
    returns("points on a line", (2.0, 1.0), [0, 1, 2], [1, 3, 5]),
    returns("a falling line", (-1.0, 4.0), [1, 2, 3, 4], [3, 2, 1, 0]),
    returns("points off a line", (0.5, 7 / 6), [0, 1, 2], [1, 2, 2]),
    returns("a level line", (0.0, 3.0), [1, 5, 9], [3, 3, 3]),
)
