"""A forward pass.

Return the scores of a network with one hidden layer: ``relu(x W1 + b1) W2 + b2``, for a batch of rows.
"""

import numpy as np

from spacehub.course.checks import returns

START = """
import numpy as np


def forward(x, w1, b1, w2, b2):
    '''x: (n, p); w1: (p, h); b1: (h,); w2: (h, k); b2: (k,). Return (n, k).'''
"""
HINTS = (
    "`x @ w1 + b1` is the hidden layer before its activation. Broadcasting adds the biases to each row.",
    "`np.maximum(sums, 0)` computes the ReLU. The last layer has no ReLU.",
)


def forward(x, w1, b1, w2, b2):
    return np.maximum(x @ w1 + b1, 0) @ w2 + b2


def wrong(x, w1, b1, w2, b2):
    return np.maximum(np.maximum(x @ w1 + b1, 0) @ w2 + b2, 0)


_W1, _W2 = np.array([[1.0, -1.0]]), np.array([[2.0], [3.0]])
CHECKS = (
    returns("a positive input", [[4.0]], np.array([[2.0]]), _W1, np.zeros(2), _W2, np.zeros(1)),
    returns("a negative input", [[6.0]], np.array([[-2.0]]), _W1, np.zeros(2), _W2, np.zeros(1)),
    returns(
        "the scores may be negative", [[-5.0]], np.array([[0.0]]), _W1, np.zeros(2), _W2, np.array([-5.0])
    ),
    returns("a batch", [[3.0], [4.0]], np.array([[1.0], [-1.0]]), _W1, np.zeros(2), _W2, np.ones(1)),
)
