"""A probability by simulation.

Simulate many throws with a random generator to estimate the probability that at least one of n dice shows a six. Return the estimate and
its standard error, ``sqrt(p (1 - p) / throws)``.
"""

import numpy as np

from spacehub.course.checks import holds

START = """
import numpy as np


def six_among(n, throws, rng):
    '''rng: a numpy Generator. Return (probability, standard error).'''
"""
HINTS = (
    "`rng.integers(1, 7, size=(throws, n))` simulates many throws of n dice.",
    "`(dice == 6).any(axis=1)` is True for each throw with at least one six. The mean of the resulting array is the estimated probability.",
)


def six_among(n, throws, rng):
    chance = (rng.integers(1, 7, size=(throws, n)) == 6).any(axis=1).mean()
    return float(chance), float((chance * (1 - chance) / throws) ** 0.5)


def wrong(n, throws, rng):
    return n / 6, 0.0


def _close(n):
    def condition(function):
        chance, error = function(n, 40_000, np.random.default_rng(1))
        return abs(chance - (1 - (5 / 6) ** n)) < 5 * 0.0025 and 0.001 < error < 0.003

    return condition


CHECKS = (
    holds(
        "one die",
        _close(1),
        "With one die and 40,000 throws, the probability is near 1/6 and the standard error near 0.0019.",
    ),
    holds("four dice", _close(4), "With four dice, the probability is near 0.518, not 4/6."),
    holds(
        "the function uses the generator",
        lambda f: f(2, 50, np.random.default_rng(1)) != f(2, 50, np.random.default_rng(2)),
        "A different generator should give a different estimate.",
    ),
)
