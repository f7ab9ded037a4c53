"""One neuron by hand.

Return the output of a neuron with a ReLU: the weighted sum of its inputs plus its bias, or 0 if this sum is negative.
"""

from spacehub.course.checks import returns

START = """
def neuron(inputs, weights, bias):
    '''Two lists of equal length and a number.'''
"""
HINTS = (
    "The weighted sum is `sum(x * w) + bias`.",
    "`max(0.0, total)` computes the ReLU.",
)


def neuron(inputs, weights, bias):
    return max(0.0, sum(x * w for x, w in zip(inputs, weights, strict=True)) + bias)


def wrong(inputs, weights, bias):
    return max(0.0, sum(x * w for x, w in zip(inputs, weights, strict=True))) + bias


CHECKS = (
    returns("a positive sum", 2.5, [1, 2], [0.5, 1], 0.0),
    returns("a negative sum gives 0", 0.0, [1, 2], [-1, -1], 0.5),
    returns("the bias is added before the ReLU", 0.0, [1], [1], -3.0),
    returns("no inputs", 0.25, [], [], 0.25),
)
