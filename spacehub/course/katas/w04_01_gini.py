"""Gini impurity.

Return the Gini impurity of a node, ``1 - sum of p²``, where p is the proportion of each class. The argument is the number of examples of each
class in the node.
"""

from spacehub.course.checks import returns

START = """
def gini(counts):
    '''counts: a list of whole numbers, not all 0.'''
"""
HINTS = (
    "The proportion of each class is its count divided by the sum of the counts.",
    "Subtract the sum of the squared proportions from 1.",
)


def gini(counts):
    total = sum(counts)
    return 1 - sum((count / total) ** 2 for count in counts)


def wrong(counts):
    total = sum(counts)
    return 1 - max(counts) / total


CHECKS = (
    returns("a pure node has an impurity of 0", 0.0, [7, 0]),
    returns("two equal classes", 0.5, [4, 4]),
    returns("a ratio of three to one", 0.375, [3, 1]),
    returns("four equal classes", 0.75, [2, 2, 2, 2]),
)
