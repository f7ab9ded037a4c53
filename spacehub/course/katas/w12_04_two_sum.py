"""Interview: two numbers that add up.

Find the two numbers in a list that add up to a target. Return the indices of the two numbers, the smaller index first. If no pair
exists, return `None`. Go through the list only once.
"""

from spacehub.course.checks import returns

START = """
def two_sum(numbers, target):
    '''Return (i, j) with i < j, or None. There is at most one such pair.'''
"""
HINTS = (
    "Keep a dictionary that maps each number seen so far to its index.",
    "At each number, look up `target - number` in the dictionary before you add the number itself.",
)


def two_sum(numbers, target):
    seen = {}
    for place, number in enumerate(numbers):
        if target - number in seen:
            return seen[target - number], place
        seen[number] = place
    return None


def wrong(numbers, target):
    for number in numbers:
        if target - number in numbers:
            return numbers.index(number), numbers.index(target - number)
    return None


CHECKS = (
    returns("a pair", (0, 2), [2, 11, 7], 9),
    returns("a number twice", (0, 1), [3, 3], 6),
    returns("one number is not enough", None, [3, 1], 6),
    returns("negative numbers", (1, 2), [5, -4, 10], 6),
    returns("a long list", (0, 99_999), [-1, *range(2, 200_000, 2)][:100_000], 199_997),
)
