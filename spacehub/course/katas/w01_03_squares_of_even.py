"""Squares of the even numbers.

Return the squares of the even numbers in a list, in the original order. Try to use a single list comprehension.
"""

from spacehub.course.checks import returns

START = """
def squares_of_even(numbers):
    '''numbers: a list of whole numbers. Return a list.'''
"""
HINTS = (
    "A list comprehension has the form `[expression for item in items if condition]`.",
    "A number is even if `number % 2 == 0`.",
)


def squares_of_even(numbers):
    return [number**2 for number in numbers if number % 2 == 0]


def wrong(numbers):
    return [number**2 for number in numbers if number % 2]


CHECKS = (
    returns("mixed numbers", [4, 16], [1, 2, 3, 4]),
    returns("zero and negative numbers", [0, 36], [0, -6, -7]),
    returns("no even numbers", [], [1, 3]),
    returns("the order is kept", [64, 4], [8, 5, 2]),
)
