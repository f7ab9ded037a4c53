"""The log loss.

Return the mean of ``-log`` of the chance that was given to what happened. Cut chances to the range from 1e-15 to 1 - 1e-15 first.
"""

import math

from spacehub.course.checks import returns

START = """
import math


def log_loss(happened, chances):
    '''happened: list of 0 and 1; chances: of 1. Return the mean in nats.'''
"""
HINTS = (
    "Where 1 happened the chance counts, where 0 happened 1 - chance.",
    "min(max(chance, 1e-15), 1 - 1e-15) cuts it.",
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
    returns("a coin", 0.6931471805599453, [1, 0], [0.5, 0.5]),
    returns("a confident right answer", 0.10536051565782628, [1], [0.9]),
    returns("a confident wrong answer", 2.302585092994046, [0], [0.9]),
    returns("certain and wrong is finite", 34.53877639491069, [0], [1.0], tolerance=1e-3),
)
