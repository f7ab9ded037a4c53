"""Impute and flag.

Replace the missing numbers (`None`) of a column with the median of the known numbers in the *training* column. Return the filled
column, and a list that marks which numbers were missing.
"""

from spacehub.course.checks import returns

START = """
def impute(column, training):
    '''Lists of numbers and None. Return (filled, missing), lists as long as column.'''
"""
HINTS = (
    "Compute the median from the known values of `training`, not of `column`, because you must not use the test data.",
    "The second list contains `True` where `column` contains `None`.",
)


def impute(column, training):
    known = sorted(value for value in training if value is not None)
    half = len(known) // 2
    middle = known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2
    return [middle if value is None else value for value in column], [value is None for value in column]


def wrong(column, training):
    known = sorted(value for value in column if value is not None)
    middle = known[len(known) // 2]
    return [value or middle for value in column], [value is None for value in column]


CHECKS = (
    returns("the training median", ([1, 5.0, 9], [False, True, False]), [1, None, 9], [4, 6, None]),
    returns("nothing is missing", ([1, 2], [False, False]), [1, 2], [7]),
    returns("a 0 is not missing", ([0, 3], [False, True]), [0, None], [3]),
)
