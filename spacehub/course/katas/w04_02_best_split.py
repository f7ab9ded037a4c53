"""The best split.

Return the threshold on one feature with the least Gini impurity of the two sides, weighted by their sizes. Try the midpoints between
neighbouring different values; "left" is at most the threshold. Of equal ones take the smallest threshold.
"""

import itertools

from spacehub.course.checks import returns

START = """
import itertools


def best_split(values, labels):
    '''values: numbers; labels: 0 or 1. Return the threshold, or None if all values are equal.'''
"""
HINTS = (
    "Sort the different values; the candidates are the midpoints of neighbours, which itertools.pairwise gives.",
    "The weighted impurity is (n_left * gini_left + n_right * gini_right) / n.",
    "min(candidates, key=...) keeps the first, so the smallest, of equals.",
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
    returns("the values need no order", 2.5, [4, 1, 3, 2], [1, 0, 1, 0]),
    returns("the sizes of the sides count", 5.0, [1, 2, 3, 4, 6], [0, 1, 0, 0, 1]),
    returns("all values are equal", None, [3, 3], [0, 1]),
)
