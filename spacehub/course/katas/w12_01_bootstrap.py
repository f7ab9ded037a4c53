"""A bootstrap interval.

Draw many resamples of the values with replacement. Return the 2.5th and the 97.5th percentile of the means of these resamples.
"""

import numpy as np

from spacehub.course.checks import holds

START = """
import numpy as np


def interval(values, resamples, rng):
    '''values: array (n,); rng: a numpy Generator. Return (low, high).'''
"""
HINTS = (
    "`rng.choice(values, size=(resamples, len(values)))` draws with replacement.",
    "`np.percentile(means, [2.5, 97.5])` returns both ends of the interval.",
)


def interval(values, resamples, rng):
    means = rng.choice(values, size=(resamples, len(values))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def wrong(values, resamples, rng):
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _width(interval):
    low, high = interval(np.random.default_rng(0).normal(size=400), 2000, np.random.default_rng(1))
    return 0.17 < high - low < 0.23 and low < high


CHECKS = (
    holds(
        "values without spread",
        lambda f: f(np.full(5, 3.0), 50, np.random.default_rng(0)) == (3.0, 3.0),
        "For five values of 3, return (3.0, 3.0).",
    ),
    holds(
        "the interval has the width that theory predicts for a mean",
        _width,
        "For 400 normally distributed numbers, the width of the interval is about 0.2. Take the percentiles of the means, not of the values.",
    ),
    holds(
        "the function uses the generator",
        lambda f: (
            f(np.arange(9.0), 20, np.random.default_rng(1)) != f(np.arange(9.0), 20, np.random.default_rng(2))
        ),
        "A different generator should give a different interval.",
    ),
)
