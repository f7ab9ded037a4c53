"""Least squares from scratch: the normal equations, the slope that gradient descent follows, and a ridge.

Throughout, a design has a row for each observation and a column for each weight, the first of ones: its weight
is the intercept, which no ridge pulls on. `ridge` is what scikit-learn calls ``alpha``.
"""

import numpy as np

from spacehub.errors import SpaceHubError

# Beyond this condition number a solution has no correct digit left.
SINGULAR = 1e15


def with_intercept(columns: np.ndarray) -> np.ndarray:
    """Return the design, shape (n, p + 1), of the features in `columns`, shape (n, p)."""
    return np.column_stack([np.ones(len(columns)), columns])


def powers(x: np.ndarray, degree: int) -> np.ndarray:
    """Return the design of a polynomial, shape (n, degree + 1): 1, x, x² and so on.

    Raises
    ------
    SpaceHubError
        When the degree is negative or above 20.
    """
    if not 0 <= degree <= 20:
        raise SpaceHubError(f"A polynomial of degree {degree} is not fitted.", "Choose from 0 to 20.")
    return np.vander(x, int(degree) + 1, increasing=True)


def standardise(column: np.ndarray) -> np.ndarray:
    """Return a feature less its mean, in standard deviations.

    Raises
    ------
    SpaceHubError
        When all its values are the same.
    """
    spread = column.std()
    if not spread > 0:
        raise SpaceHubError("A feature has the same value everywhere.", "Nothing can be told from it.")
    return (column - column.mean()) / spread


def normal_equations(design: np.ndarray, target: np.ndarray, *, ridge: float = 0.0) -> np.ndarray:
    """Return the weights with the least `loss`: ``(XᵀX + ridge·D) w = Xᵀy``.

    D is the identity with 0 in the intercept's place. Hoerl & Kennard, "Ridge regression", Technometrics 1970;
    without a ridge they are those of Legendre (1805) and Gauss (1809).

    Parameters
    ----------
    design : array, shape (n, p)
    target : array, shape (n,) or (n, k)
        Of several, each column has weights of its own.

    Returns
    -------
    array, shape (p,) or (p, k)

    Raises
    ------
    SpaceHubError
        When more than one choice of weights is the best, or the ridge is negative.
    """
    gram = len(design) * hessian(design, ridge=ridge)
    if np.linalg.cond(gram) > SINGULAR:
        raise SpaceHubError(
            f"The normal equations have no single solution: {design.shape[1]} weights, {len(design)} observations.",
            "Use fewer features, more observations or a ridge.",
        )
    return np.linalg.solve(gram, design.T @ target)


def loss(design: np.ndarray, target: np.ndarray, weights: np.ndarray, *, ridge: float = 0.0) -> np.ndarray:
    """Return ``(|Xw - y|² + ridge·|w|²) / 2n``, for weights of shape (..., p) an array of shape (...)."""
    residuals = weights @ design.T - target
    pulled = weights[..., 1:]
    return ((residuals**2).sum(axis=-1) + ridge * (pulled**2).sum(axis=-1)) / (2 * len(target))


def gradient(
    design: np.ndarray, target: np.ndarray, weights: np.ndarray, *, ridge: float = 0.0
) -> np.ndarray:
    """Return the slope of the `loss`, shape (p,): ``(Xᵀ(Xw - y) + ridge·Dw) / n``."""
    return (design.T @ (design @ weights - target) + ridge * _free_intercept(len(weights)) * weights) / len(
        target
    )


def hessian(design: np.ndarray, *, ridge: float = 0.0) -> np.ndarray:
    """Return how the `loss` curves, shape (p, p): ``(XᵀX + ridge·D) / n``.

    Raises
    ------
    SpaceHubError
        When the ridge is negative.
    """
    if not ridge >= 0:
        raise SpaceHubError(f"A ridge of {ridge:g} would push weights away from 0.", "Choose 0 or more.")
    return (design.T @ design + ridge * np.diag(_free_intercept(design.shape[1]))) / len(design)


def largest_rate(curvature: np.ndarray) -> float:
    """Return the learning rate at which gradient descent begins to fly apart: ``2 / λmax`` of the Hessian.

    Along an eigenvector of eigenvalue λ each step multiplies the distance to the minimum by ``1 - rate·λ``, which
    must stay within -1 and 1. LeCun, Bottou, Orr & Müller, "Efficient BackProp" (1998), section 5.
    """
    return 2 / float(np.linalg.eigvalsh(curvature)[-1])


def loss_after(design: np.ndarray, target: np.ndarray, rates: np.ndarray, steps: int) -> np.ndarray:
    """Return the `loss` that gradient descent from zero weights has after `steps`, at each of the rates.

    Without walking there: along each eigenvector the way left shrinks or grows by ``1 - rate·λ`` a step.
    """
    eigenvalues, directions = np.linalg.eigh(hessian(design))
    best = normal_equations(design, target)
    left = -(directions.T @ best) * (1 - np.multiply.outer(rates, eigenvalues)) ** steps
    return loss(design, target, best) + (eigenvalues * left**2).sum(axis=-1) / 2


def r_squared(target: np.ndarray, predicted: np.ndarray) -> float:
    """Return the share of the target's variance that the predictions explain."""
    return 1 - float(((target - predicted) ** 2).sum() / ((target - target.mean()) ** 2).sum())


def _free_intercept(count: int) -> np.ndarray:
    """Return a one for each weight that a ridge pulls on, and a zero for the intercept."""
    return np.r_[0.0, np.ones(count - 1)]
