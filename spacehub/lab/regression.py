"""Least squares from scratch: the normal equations, the gradient for gradient descent, and a ridge.

Throughout, a design matrix has a row for each observation and a column for each weight. The first column is all
ones; its weight is the intercept, which the ridge does not affect. `ridge` is scikit-learn's ``alpha``.
"""

import numpy as np

from spacehub.errors import SpaceHubError

# Beyond this condition number a solution has no correct digits.
SINGULAR = 1e15


def with_intercept(columns: np.ndarray) -> np.ndarray:
    """Return the design matrix, shape (n, p + 1), of the features in `columns`, shape (n, p)."""
    return np.column_stack([np.ones(len(columns)), columns])


def powers(x: np.ndarray, degree: int) -> np.ndarray:
    """Return the design matrix of a polynomial, shape (n, degree + 1): 1, x, x² and so on.

    Raises
    ------
    SpaceHubError
        If the degree is negative or above 20.
    """
    if not 0 <= degree <= 20:
        raise SpaceHubError(f"The degree ({degree}) is out of range.", "Choose a whole number from 0 to 20.")
    return np.vander(x, int(degree) + 1, increasing=True)


def standardise(column: np.ndarray) -> np.ndarray:
    """Return a feature minus its mean, in standard deviations.

    Raises
    ------
    SpaceHubError
        If all its values are the same.
    """
    spread = column.std()
    if not spread > 0:
        raise SpaceHubError(
            "A feature has the same value in all rows.",
            "Choose another feature, because a constant feature predicts nothing.",
        )
    return (column - column.mean()) / spread


def normal_equations(design: np.ndarray, target: np.ndarray, *, ridge: float = 0.0) -> np.ndarray:
    """Return the weights with the least `loss`: ``(XᵀX + ridge·D) w = Xᵀy``.

    D is the identity with 0 in place of the intercept. See Hoerl & Kennard, "Ridge regression",
    Technometrics 1970. Without a ridge, these are the least squares of Legendre (1805) and Gauss (1809).

    Parameters
    ----------
    design : array, shape (n, p)
    target : array, shape (n,) or (n, k)
        If there are several targets, each has its own weights.

    Returns
    -------
    array, shape (p,) or (p, k)

    Raises
    ------
    SpaceHubError
        If several choices of weights are equally good, or the ridge is negative.
    """
    gram = len(design) * hessian(design, ridge=ridge)
    if np.linalg.cond(gram) > SINGULAR:
        raise SpaceHubError(
            f"The normal equations for {design.shape[1]} weights and {len(design)} observations do not have a unique solution.",
            "Use fewer features, more observations, or a ridge penalty.",
        )
    return np.linalg.solve(gram, design.T @ target)


def loss(design: np.ndarray, target: np.ndarray, weights: np.ndarray, *, ridge: float = 0.0) -> np.ndarray:
    """Return ``(|Xw - y|² + ridge·|w|²) / 2n``; weights of shape (..., p) give an array of shape (...)."""
    residuals = weights @ design.T - target
    pulled = weights[..., 1:]
    return ((residuals**2).sum(axis=-1) + ridge * (pulled**2).sum(axis=-1)) / (2 * len(target))


def gradient(
    design: np.ndarray, target: np.ndarray, weights: np.ndarray, *, ridge: float = 0.0
) -> np.ndarray:
    """Return the gradient of the `loss`, shape (p,): ``(Xᵀ(Xw - y) + ridge·Dw) / n``."""
    return (design.T @ (design @ weights - target) + ridge * _free_intercept(len(weights)) * weights) / len(
        target
    )


def hessian(design: np.ndarray, *, ridge: float = 0.0) -> np.ndarray:
    """Return the Hessian of the `loss`, shape (p, p): ``(XᵀX + ridge·D) / n``.

    Raises
    ------
    SpaceHubError
        If the ridge is negative.
    """
    if not ridge >= 0:
        raise SpaceHubError(
            f"A ridge penalty of {ridge:g} would push the weights away from 0.",
            "Choose a value of at least 0.",
        )
    return (design.T @ design + ridge * np.diag(_free_intercept(design.shape[1]))) / len(design)


def largest_rate(curvature: np.ndarray) -> float:
    """Return the learning rate at which gradient descent starts to diverge: ``2 / λmax`` of the Hessian.

    Along an eigenvector of eigenvalue λ, each step multiplies the distance to the minimum by ``1 - rate·λ``. This
    factor must stay between -1 and 1. LeCun, Bottou, Orr & Müller, "Efficient BackProp" (1998), section 5.
    """
    return 2 / float(np.linalg.eigvalsh(curvature)[-1])


def loss_after(design: np.ndarray, target: np.ndarray, rates: np.ndarray, steps: int) -> np.ndarray:
    """Return the `loss` after `steps` of gradient descent from zero weights, at each of the rates.

    It is computed in closed form: along each eigenvector, each step multiplies the remaining distance by
    ``1 - rate·λ``.
    """
    eigenvalues, directions = np.linalg.eigh(hessian(design))
    best = normal_equations(design, target)
    left = -(directions.T @ best) * (1 - np.multiply.outer(rates, eigenvalues)) ** steps
    return loss(design, target, best) + (eigenvalues * left**2).sum(axis=-1) / 2


def r_squared(target: np.ndarray, predicted: np.ndarray) -> float:
    """Return the fraction of the target's variance that the predictions explain."""
    return 1 - float(((target - predicted) ** 2).sum() / ((target - target.mean()) ** 2).sum())


def _free_intercept(count: int) -> np.ndarray:
    """Return a one for each weight that the ridge penalises, and a zero for the intercept."""
    return np.r_[0.0, np.ones(count - 1)]
