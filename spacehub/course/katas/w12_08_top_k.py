"""Interview: the k largest numbers.

Return the k largest numbers of a list, the largest first. If the list has fewer than k numbers, return all of them.
"""

import heapq

from spacehub.course.checks import returns

START = """
import heapq


def top_k(numbers, k):
    '''Return a list of at most k numbers.'''
"""
HINTS = ("Sorting takes n log n steps. A heap of k numbers, as in `heapq.nlargest`, takes n log k steps.",)


def top_k(numbers, k):
    return heapq.nlargest(k, numbers)


def wrong(numbers, k):
    return sorted(set(numbers))[-k:]


CHECKS = (
    returns("three of five", [9, 7, 5], [5, 1, 9, 3, 7], 3),
    returns("equal numbers are kept", [4, 4], [4, 4, 1], 2),
    returns("fewer than k numbers", [2, 1], [1, 2], 5),
    returns("the 0 largest numbers", [], [3], 0),
)
