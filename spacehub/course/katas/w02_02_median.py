"""The median.

Return the median of a list: the middle value of the sorted list, or the mean of the two middle values.
"""

from spacehub.course.checks import returns

START = """
def median(values):
    '''values: a list that is not empty, in any order.'''
"""
HINTS = (
    "`sorted(values)` does not change the list, but `values.sort()` does.",
    "The middle value has the index `n // 2`. If n is even, the other middle value has the index `n // 2 - 1`.",
)


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def wrong(values):
    return values[len(values) // 2]


CHECKS = (
    returns("an odd number of values", 3, [5, 1, 3]),
    returns("an even number of values", 2.5, [4, 1, 2, 3]),
    returns("one value", 7, [7]),
    returns("an outlier changes little", 2, [1, 2, 1e9]),
)
