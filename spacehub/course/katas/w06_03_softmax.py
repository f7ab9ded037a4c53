"""A softmax that does not overflow.

Return the softmax of each row of an array of scores of shape (n, k). The function must also work for very large scores.
"""

import numpy as np

from spacehub.course.checks import returns

START = """
import numpy as np


def softmax(scores):
    '''scores: (n, k). Return probabilities of the same shape. Each row adds up to 1.'''
"""
HINTS = (
    "Adding a number to all scores of a row does not change the result, so subtract the row's largest score first.",
    "`keepdims=True` keeps the shape (n, 1), so that broadcasting works by row.",
)


def softmax(scores):
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)


def wrong(scores):
    grown = np.exp(scores)
    return grown / grown.sum()


CHECKS = (
    returns("equal scores", [[0.5, 0.5]], np.zeros((1, 2))),
    returns(
        "the rows are normalised separately",
        [[0.75, 0.25], [0.5, 0.5]],
        np.log(np.array([[3.0, 1.0], [2.0, 2.0]])),
    ),
    returns("very large scores", [[1.0, 0.0]], np.array([[5000.0, 0.0]])),
    returns("very negative scores", [[0.5, 0.5]], np.array([[-5000.0, -5000.0]])),
)
