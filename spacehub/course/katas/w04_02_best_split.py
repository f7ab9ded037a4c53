"""The best split.

Return the threshold on one feature that gives the lowest Gini impurity. Average the impurities of the two sides, weighted by their sizes. Try
all midpoints between neighbouring distinct values. A value goes to the left side if it does not exceed the threshold. If several thresholds
are equally good, return the smallest.
"""

import itertools

from spacehub.course.checks import returns

START = """
import itertools


def best_split(values, labels):
    '''values: numbers; labels: 0 or 1. Return the threshold, or None if all values are equal.'''
"""
HINTS = (
    "Sort the distinct values. The candidates are the midpoints of neighbouring values, and `itertools.pairwise` returns the pairs of neighbours.",
    "The weighted impurity is `(n_left * gini_left + n_right * gini_right) / n`.",
    "If several candidates are equally good, `min(candidates, key=...)` returns the first, which is the smallest.",
)


def best_split(values, labels):
    def gini(chosen):
        share = sum(chosen) / len(chosen)
        return 2 * share * (1 - share)

    def impurity(threshold):
        left = [label for value, label in zip(values, labels, strict=True) if value <= threshold]
        right = [label for value, label in zip(values, labels, strict=True) if value > threshold]
        return round((len(left) * gini(left) + len(right) * gini(right)) / len(values), 12)

    different = sorted(set(values))
    candidates = [(low + high) / 2 for low, high in itertools.pairwise(different)]
    return min(candidates, key=impurity, default=None)


def wrong(values, labels):
    return sum(values) / len(values)


CHECKS = (
    returns("a clean cut", 2.5, [1, 2, 3, 4], [0, 0, 1, 1]),
    returns("the values need not be sorted", 2.5, [4, 1, 3, 2], [1, 0, 1, 0]),
    returns("the sides are weighted by their sizes", 5.0, [1, 2, 3, 4, 6], [0, 1, 0, 0, 1]),
    returns("all values are equal", None, [3, 3], [0, 1]),
)
