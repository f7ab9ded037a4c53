"""R² of a prediction.

Return R²: 1 minus the ratio of two sums of squared errors. The numerator adds up the squared errors of the predictions. The denominator adds
up the squared errors of always predicting the mean of y.
"""

from spacehub.course.checks import returns

START = """
def r_squared(y, predicted):
    '''Two lists of equal length; y is not constant.'''
"""
HINTS = (
    "The numerator of the ratio is the sum of `(y - predicted)²`.",
    "The denominator of the ratio is the sum of `(y - mean y)²`.",
)


def r_squared(y, predicted):
    mean = sum(y) / len(y)
    missed = sum((a - b) ** 2 for a, b in zip(y, predicted, strict=True))
    return 1 - missed / sum((a - mean) ** 2 for a in y)


def wrong(y, predicted):
    mean = sum(y) / len(y)
    return sum((b - mean) ** 2 for b in predicted) / sum((a - mean) ** 2 for a in y)


CHECKS = (
    returns("a perfect prediction", 1.0, [1, 2, 3], [1, 2, 3]),
    returns("always predicting the mean", 0.0, [1, 2, 3], [2, 2, 2]),
    returns("a prediction worse than the mean has a negative R²", -3.0, [1, 2, 3], [3, 2, 1]),
    returns("a prediction between the two", 0.75, [0, 2, 4], [1, 2, 3]),
)
