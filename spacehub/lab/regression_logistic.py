"""Logistic regression from scratch: a probability between 0 and 1, by gradient descent and by Newton's method."""

import numpy as np

from spacehub.errors import SpaceHubError

_NEWTON_STEPS, _CLOSE = 100, 1e-12


def chances(design: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return ``1 / (1 + exp(-Xw))``, shape (n,), without overflow."""
    decay = np.exp(-np.abs(scores := design @ weights))
    return np.where(scores >= 0, 1, decay) / (1 + decay)


def log_loss(
    design: np.ndarray, target: np.ndarray, weights: np.ndarray, *, ridge: float = 0.0
) -> np.ndarray:
    """Return the mean of ``-log`` of the probability of the actual outcome, plus ``ridge·|w|² / 2n``.

    The ridge does not affect the intercept; ``1 / ridge`` is scikit-learn's ``C``.

    Parameters
    ----------
    design : array, shape (n, p)
        As in `spacehub.lab.regression`.
    target : array, shape (n,)
        0 or 1.
    weights : array, shape (..., p)

    Returns
    -------
    array, shape (...)
    """
    scores = weights @ design.T
    surprise = np.logaddexp(0, np.where(target == 1, -scores, scores)).sum(axis=-1)
    return (surprise + ridge * (weights[..., 1:] ** 2).sum(axis=-1) / 2) / len(target)


def log_loss_gradient(
    design: np.ndarray, target: np.ndarray, weights: np.ndarray, *, ridge: float = 0.0
) -> np.ndarray:
    """Return the gradient of the `log_loss`, shape (p,): ``(Xᵀ(chances - y) + ridge·w) / n``.

    Hastie, Tibshirani & Friedman, *The Elements of Statistical Learning*, equation 4.21 with a ridge.
    """
    pull = ridge * np.r_[0.0, weights[1:]]
    return (design.T @ (chances(design, weights) - target) + pull) / len(target)


def newton(design: np.ndarray, target: np.ndarray, *, ridge: float = 0.0) -> np.ndarray:
    """Return the weights with the least `log_loss`, shape (p,), by Newton's method with halved steps.

    Raises
    ------
    SpaceHubError
        If there are no such weights, or several: the features separate the two outcomes perfectly, one feature is a
        linear combination of others, or there is only one outcome.
    """
    weights = np.zeros(design.shape[1])
    for _ in range(_NEWTON_STEPS):
        slope = log_loss_gradient(design, target, weights, ridge=ridge)
        sure = chances(design, weights)
        curve = (design.T * (sure * (1 - sure))) @ design
        curve[range(1, len(weights)), range(1, len(weights))] += ridge
        if np.linalg.cond(curve) > 1e14:
            break
        step = np.linalg.solve(curve / len(target), slope)
        now = log_loss(design, target, weights, ridge=ridge)
        while log_loss(design, target, weights - step, ridge=ridge) > now and np.abs(step).max() > _CLOSE:
            step /= 2
        weights = weights - step
        if np.abs(step).max() < _CLOSE:
            return weights
    if len(np.unique(target)) < 2:
        raise SpaceHubError(
            "The model cannot be fitted, because all outcomes are the same.",
            "Use observations with both outcomes.",
        )
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise SpaceHubError(
            "The weights are not uniquely determined, because one feature is constant or a linear combination of others.",
            "Use a ridge penalty above 0, or remove a feature.",
        )
    raise SpaceHubError(
        "The model cannot be fitted, because these features separate the outcomes perfectly.",
        "Use a ridge penalty above 0, or other features.",
    )
