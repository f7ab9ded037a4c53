"""A boosting step.

Perform one step of gradient boosting for the squared error, given the targets and the current predictions. Fit a stump to the *residuals*: on
each side of a threshold on x, the stump predicts the mean residual. Return the new predictions.
"""

from spacehub.course.checks import returns

START = """
def boost(x, y, predicted, threshold, rate):
    '''Lists of equal length. Return the new prediction, predicted + rate * stump.'''
"""
HINTS = (
    "The residual of each row is `y - predicted`.",
    "The left side contains the rows with `x <= threshold`. Each side has its own mean residual.",
    "A side may be empty. You do not need the mean of an empty side.",
)


def boost(x, y, predicted, threshold, rate):
    residuals = [a - b for a, b in zip(y, predicted, strict=True)]

    def mean(left):
        chosen = [r for a, r in zip(x, residuals, strict=True) if (a <= threshold) == left]
        return sum(chosen) / len(chosen) if chosen else 0.0

    sides = {True: mean(True), False: mean(False)}
    return [p + rate * sides[a <= threshold] for a, p in zip(x, predicted, strict=True)]


def wrong(x, y, predicted, threshold, rate):
    left = [b for a, b in zip(x, y, strict=True) if a <= threshold]
    right = [b for a, b in zip(x, y, strict=True) if a > threshold]
    return [
        p + rate * (sum(left) / len(left) if a <= threshold else sum(right) / len(right))
        for a, p in zip(x, predicted, strict=True)
    ]


CHECKS = (
    returns(
        "a start at zero with a rate of 1", [1.0, 1.0, 5.0], [1, 2, 3], [0, 2, 5], [0.0, 0.0, 0.0], 2, 1.0
    ),
    returns(
        "the stump is fitted to the residuals, not to the targets",
        [2.0, 4.0],
        [1, 2],
        [2, 4],
        [2.0, 4.0],
        1,
        0.5,
    ),
    returns("half a step", [1.5, 2.5], [1, 2], [1, 3], [2.0, 2.0], 1, 0.5),
    returns("one side is empty", [3.0, 3.0], [1, 2], [2, 4], [0.0, 0.0], 9, 1.0),
)
