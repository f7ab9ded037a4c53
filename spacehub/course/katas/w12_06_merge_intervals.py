"""Interview: merge intervals.

Merge overlapping or touching intervals, such as the communication windows of a satellite. Return the merged intervals, sorted by their start.
"""

from spacehub.course.checks import returns

START = """
def merge(intervals):
    '''intervals: a list of (start, end), in any order. Return a list of (start, end).'''
"""
HINTS = (
    "Sort the intervals by their start.",
    "Compare each interval with the last merged interval. If the interval starts no later than the merged interval ends, extend the end of the merged interval with `max`.",
)


def merge(intervals):
    merged = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def wrong(intervals):
    merged = []
    for start, end in sorted(intervals):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


CHECKS = (
    returns("overlapping intervals", [(1, 5)], [(1, 3), (2, 5)]),
    returns("touching intervals", [(1, 4)], [(1, 2), (2, 4)]),
    returns("one interval inside another", [(1, 9)], [(1, 9), (2, 3)]),
    returns("separate intervals in any order", [(1, 2), (4, 5)], [(4, 5), (1, 2)]),
    returns("no intervals", [], []),
)
