"""Backpropagation through one layer.

Let y = relu(x W). Given the gradient of the loss with respect to y, return the gradients of the loss with respect to W and to x.
"""

import numpy as np

from spacehub.course.checks import holds, returns

START = """
import numpy as np


def backward(x, w, by_y):
    '''x: (n, p); w: (p, h); by_y: (n, h). Return (by_w of shape (p, h), by_x (n, p)).'''
"""
HINTS = (
    "The ReLU passes on the gradient where `x W` is positive: `by_sums = by_y * (x @ w > 0)`.",
    "The two gradients are `by_w = xᵀ by_sums` and `by_x = by_sums Wᵀ`. Check the shapes.",
)


def backward(x, w, by_y):
    by_sums = by_y * (x @ w > 0)
    return x.T @ by_sums, by_sums @ w.T


def wrong(x, w, by_y):
    return x.T @ by_y, by_y @ w.T


def _numeric(backward):
    draw = np.random.default_rng(3)
    x, w, by_y = draw.normal(size=(5, 3)), draw.normal(size=(3, 4)), draw.normal(size=(5, 4))
    by_w, by_x = backward(x.copy(), w.copy(), by_y.copy())

    def loss(x, w):
        return (np.maximum(x @ w, 0) * by_y).sum()

    h, moved_w = 1e-6, np.zeros_like(w)
    moved_w[1, 2] = h
    moved_x = np.zeros_like(x)
    moved_x[4, 0] = h
    slope_w = (loss(x, w + moved_w) - loss(x, w - moved_w)) / (2 * h)
    slope_x = (loss(x + moved_x, w) - loss(x - moved_x, w)) / (2 * h)
    return abs(slope_w - by_w[1, 2]) < 1e-6 and abs(slope_x - by_x[4, 0]) < 1e-6


CHECKS = (
    returns("an active unit", ([[6.0]], [[12.0]]), np.array([[2.0]]), np.array([[4.0]]), np.array([[3.0]])),
    returns(
        "an inactive unit gets no gradient",
        ([[0.0]], [[0.0]]),
        np.array([[2.0]]),
        np.array([[-4.0]]),
        np.array([[3.0]]),
    ),
    holds(
        "the gradients agree with difference quotients",
        _numeric,
        "The gradients differ from central differences of the loss.",
    ),
)
