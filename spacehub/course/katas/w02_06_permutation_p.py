"""A permutation p-value.

Return the two-sided p-value for the difference between the means of two groups. Try *all* ways to assign the values
to two groups of the same sizes. The p-value is the share of assignments whose absolute difference is at least as
large as the observed difference.
"""

import itertools

from spacehub.course.checks import returns

START = """
import itertools


def permutation_p(first, second):
    '''Two short lists of numbers. Return the share, including the observed assignment.'''
"""
HINTS = (
    "`itertools.combinations(range(n), len(first))` returns all choices of indices for the first group.",
    "Use the condition `abs(difference) >= abs(observed) - 1e-12`, so that a rounding error does not exclude the observed assignment.",
)


def permutation_p(first, second):
    values = [*first, *second]

    def difference(chosen):
        inside = [values[place] for place in chosen]
        outside = [value for place, value in enumerate(values) if place not in chosen]
        return abs(sum(inside) / len(inside) - sum(outside) / len(outside))

    real = difference(range(len(first)))
    ways = list(itertools.combinations(range(len(values)), len(first)))
    return sum(difference(way) >= real - 1e-12 for way in ways) / len(ways)


def wrong(first, second):
    values = [*first, *second]
    real = sum(first) / len(first) - sum(second) / len(second)
    ways = list(itertools.combinations(values, len(first)))
    beyond = sum(sum(way) / len(way) - (sum(values) - sum(way)) / len(second) > real for way in ways)
    return beyond / len(ways)


CHECKS = (
    returns("groups that do not overlap", 2 / 20, [1, 2, 3], [7, 8, 9]),
    returns("equal groups", 1.0, [1, 2], [1, 2]),
    returns("both signs count", 2 / 6, [9, 8], [1, 2]),
    returns("groups of different sizes", 1 / 4, [10], [1, 2, 3]),
)
