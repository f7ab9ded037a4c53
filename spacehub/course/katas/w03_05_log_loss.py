"""The log loss.

Return the mean of ``-log(p)``, where p is the predicted probability of the actual outcome. First clip the probabilities to the range from
1e-15 to `1 - 1e-15`.
"""

import math

from spacehub.course.checks import returns

START = """
import math


def log_loss(happened, chances):
    '''happened: list of 0 and 1; chances: the predicted probabilities of 1. Return the mean in nats.'''
"""
HINTS = (
    "If the outcome is 1, use the predicted probability. If the outcome is 0, use 1 minus the predicted probability.",
    "`min(max(chance, 1e-15), 1 - 1e-15)` clips a probability.",
)


def log_loss(happened, chances):
    total = 0.0
    for one, chance in zip(happened, chances, strict=True):
        chance = min(max(chance, 1e-15), 1 - 1e-15)
        total -= math.log(chance if one else 1 - chance)
    return total / len(happened)


def wrong(happened, chances):
    return -sum(math.log(chance) for chance in chances) / len(happened)


CHECKS = (
    returns("a fair coin", 0.6931471805599453, [1, 0], [0.5, 0.5]),
    returns("a confident right answer", 0.10536051565782628, [1], [0.9]),
    returns("a confident wrong answer", 2.302585092994046, [0], [0.9]),
    returns(
        "a certain but wrong prediction has a finite loss", 34.53877639491069, [0], [1.0], tolerance=1e-3
    ),
)
