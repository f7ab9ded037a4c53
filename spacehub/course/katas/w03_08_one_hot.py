"""One-hot encoding.

Encode a column of categories as rows of zeros and ones. Each row has one entry for each known category, in the given order. An unknown
category becomes a row of zeros.
"""

from spacehub.course.checks import returns

START = """
def one_hot(column, known):
    '''Return a list of rows, each as long as known.'''
"""
HINTS = (
    "Build one row for each value of the column. An entry is 1 if the value equals the category, and 0 otherwise.",
    "An unknown category needs no special case.",
)


def one_hot(column, known):
    return [[int(value == category) for category in known] for value in column]


def wrong(column, known):
    return [[int(place == known.index(value)) for place in range(len(known))] for value in sorted(column)]


CHECKS = (
    returns("two categories", [[1, 0], [0, 1]], ["land", "ship"], ["land", "ship"]),
    returns("the order of the column is kept", [[0, 1], [1, 0]], ["b", "a"], ["a", "b"]),
    returns("an unknown category", [[0, 0]], ["sea"], ["land", "ship"]),
    returns("no rows", [], [], ["land"]),
)
