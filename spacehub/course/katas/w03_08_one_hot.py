"""One-hot encoding.

Encode a column of categories as rows of 0 and 1, with a place for each of the known categories in their order. A category that is
not known becomes a row of zeros.
"""

from spacehub.course.checks import returns

START = """
def one_hot(column, known):
    '''Return a list of rows, each as long as known.'''
"""
HINTS = (
    "For each value make a row: 1 where it equals the category, else 0.",
    "An unknown value needs no special case.",
)


def one_hot(column, known):
    return [[int(value == category) for category in known] for value in column]


def wrong(column, known):
    return [[int(place == known.index(value)) for place in range(len(known))] for value in sorted(column)]


CHECKS = (
    returns("two categories", [[1, 0], [0, 1]], ["land", "ship"], ["land", "ship"]),
    returns("the order of the column stays", [[0, 1], [1, 0]], ["b", "a"], ["a", "b"]),
    returns("an unknown category", [[0, 0]], ["sea"], ["land", "ship"]),
    returns("no rows", [], [], ["land"]),
)
