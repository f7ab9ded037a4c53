"""Mean and standard deviation.

Return the mean and the sample standard deviation of a list of at least two numbers, without NumPy. The sample standard deviation divides by ``n -
1``.
"""

from spacehub.course.checks import returns

START = """
def mean_and_spread(values):
    '''Return (mean, standard deviation).'''
"""
HINTS = (
    "The mean is the sum divided by n.",
    "Add up the squared distances from the mean, divide by n - 1, and take the square root.",
)


def mean_and_spread(values):
    mean = sum(values) / len(values)
    return mean, (sum((value - mean) ** 2 for value in values) / (len(values) - 1)) ** 0.5


def wrong(values):
    mean = sum(values) / len(values)
    return mean, (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5


CHECKS = (
    returns("two numbers", (2.0, 2**0.5), [1, 3]),
    returns("eight numbers", (5.0, (32 / 7) ** 0.5), [2, 4, 4, 4, 5, 5, 7, 9]),
    returns("equal numbers have no spread", (3.0, 0.0), [3, 3, 3]),
)
