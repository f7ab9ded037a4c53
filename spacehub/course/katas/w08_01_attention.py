"""Scaled dot-product attention.

Return ``softmax(Q Kᵀ / sqrt(d)) V`` and the attention weights. Apply the softmax to each row.
"""

import numpy as np

from spacehub.course.checks import holds, returns

START = """
import numpy as np


def attention(q, k, v):
    '''q: (n, d); k: (m, d); v: (m, e). Return (outputs (n, e), weights (n, m)).'''
"""
HINTS = (
    "`scores = q @ k.T / np.sqrt(q.shape[1])` has the shape (n, m).",
    "Subtract each row's maximum before you call `np.exp`, then divide by the row's sum.",
)


def attention(q, k, v):
    scores = q @ k.T / np.sqrt(q.shape[1])
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ v, weights


def wrong(q, k, v):
    scores = q @ k.T
    weights = np.exp(scores) / np.exp(scores).sum(axis=0)
    return weights @ v, weights


CHECKS = (
    returns(
        "equal keys share the weight",
        ([[3.0]], [[0.5, 0.5]]),
        np.ones((1, 2)),
        np.ones((2, 2)),
        np.array([[2.0], [4.0]]),
    ),
    returns(
        "the scores are divided by √d",
        ([[0.75]], [[0.25, 0.75]]),
        np.array([[2.0, 0, 0, 0]]),
        np.array([[0.0, 0, 0, 0], [np.log(3), 0, 0, 0]]),
        np.array([[0.0], [1.0]]),
    ),
    holds(
        "each row of weights adds up to 1",
        lambda f: np.allclose(f(np.eye(3), np.eye(3) * 2, np.eye(3))[1].sum(axis=1), 1),
        "The weights of a query do not add up to 1.",
    ),
    holds(
        "large scores do not overflow",
        lambda f: np.isfinite(f(np.full((1, 1), 1e4), np.full((2, 1), 1e4), np.ones((2, 1)))[0]).all(),
        "Large scores give NaN. Subtract each row's maximum first.",
    ),
)
