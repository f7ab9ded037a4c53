"""Multiply two matrices.

Return the product of two matrices, without NumPy. Each matrix is a list of rows. Raise a `ValueError` if the sizes of the matrices do not
match.
"""

from spacehub.course.checks import refuses, returns

START = """
def matrix_product(a, b):
    '''a: n rows of k numbers; b: k rows of m numbers. Return n rows of m numbers.'''
"""
HINTS = (
    "The number in row i and column j is the sum of `a[i][k] * b[k][j]` over k.",
    "Use three nested loops, over i, j and k.",
    "The sizes match if each row of `a` has as many numbers as `b` has rows.",
)


def matrix_product(a, b):
    if any(len(row) != len(b) for row in a):
        raise ValueError("The sizes of the matrices do not match.")
    return [[sum(x * b[k][j] for k, x in enumerate(row)) for j in range(len(b[0]))] for row in a]


def wrong(a, b):
    return [[a[i][j] * b[i][j] for j in range(len(a[0]))] for i in range(len(a))]


CHECKS = (
    returns("two 2 × 2 matrices", [[19, 22], [43, 50]], [[1, 2], [3, 4]], [[5, 6], [7, 8]]),
    returns("the identity changes nothing", [[1, 2], [3, 4]], [[1, 2], [3, 4]], [[1, 0], [0, 1]]),
    returns("a row times a column", [[32]], [[1, 2, 3]], [[4], [5], [6]]),
    returns("a column times a row", [[4, 5], [8, 10]], [[1], [2]], [[4, 5]]),
    refuses("sizes that do not match", ValueError, [[1, 2]], [[1, 2]]),
)
