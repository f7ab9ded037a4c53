"""Add up.

Return the sum of the numbers in a list without the built-in function `sum`. The sum of an empty list is 0.
"""

from spacehub.course.checks import returns

START = """
def add_up(numbers):
    '''numbers: a list. Return their sum.'''
"""
HINTS = (
    "Set a total to 0 before the loop.",
    "In the loop, add each number to the total. Return the total after the loop, not inside it.",
)


def add_up(numbers):
    total = 0
    for number in numbers:
        total += number
    return total


def wrong(numbers):
    total = 0
    for number in numbers:
        total += number
        return total


CHECKS = (
    returns("a few numbers", 10, [1, 2, 3, 4]),
    returns("one number", 7, [7]),
    returns("no numbers", 0, []),
    returns("negative numbers and fractions", 0.5, [-1, 2.5, -1]),
)
