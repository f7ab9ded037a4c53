"""Predict the probability that a booster lands from one feature of its launch: logistic regression, step by step."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.launches import Launches
from spacehub.lab.regression import hessian, largest_rate, standardise, with_intercept
from spacehub.lab.regression_descent import descend
from spacehub.lab.regression_logistic import chances, log_loss, log_loss_gradient, newton


@dataclass(frozen=True, kw_only=True)
class Learned:
    """The results for the attempted landings.

    Parameters
    ----------
    launches : Launches
        Launches with a landing attempt and a known value of the feature.
    values : array, shape (n,)
        The value of the feature for each launch.
    rate : float
        The learning rate.
    path : array, shape (steps + 1, 2)
        Intercept and weight of the standardised feature, before and after each step.
    best : array, shape (2,)
        The weights with the least loss.
    losses : array, shape (steps + 1,)
    least : float
        Loss of `best`.
    """

    launches: Launches
    values: np.ndarray
    rate: float
    path: np.ndarray
    best: np.ndarray
    losses: np.ndarray
    least: float

    @property
    def loss_of_rate(self) -> float:
        """The log loss if every flight is predicted with the overall landing rate."""
        share = self.launches.landed.mean()
        return float(-share * np.log(share) - (1 - share) * np.log(1 - share))

    def chances(self, values: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return the probability of a landing for the given values of the feature."""
        scaled = (np.asarray(values, dtype=float) - self.values.mean()) / self.values.std()
        return chances(with_intercept(scaled[:, None]), weights)


def learn(launches: Launches, number: str, *, share: float, steps: int, ridge: float = 0.0) -> Learned:
    """Train from zero weights.

    The `log_loss` curves at most a quarter as much as least squares, because a probability times its complement is at
    most 1/4. Any rate below ``2 / λmax`` of least squares is therefore safe. Böhning, "Multinomial logistic
    regression algorithm" (1992).

    Parameters
    ----------
    number : str
        One of `spacehub.lab.launches.NUMBERS`.
    share : float
        The learning rate, as a fraction of the largest safe rate.

    Raises
    ------
    SpaceHubError
        If there is no such number, no training data, or a parameter is invalid.
    """
    column = launches.number(number)
    kept = np.isfinite(column) & np.isfinite(launches.landed)
    known = launches[kept]
    if len(np.unique(known.landed)) < 2:
        raise SpaceHubError(
            "All landing attempts with a value for this feature have the same outcome.",
            "Choose another feature.",
        )
    values = known.number(number)
    design = with_intercept(standardise(values)[:, None])
    rate = share * largest_rate(hessian(design, ridge=4 * ridge) / 4)
    path = descend(
        lambda weights: log_loss_gradient(design, known.landed, weights, ridge=ridge),
        np.zeros(2),
        rate=rate,
        steps=steps,
    )
    best = newton(design, known.landed, ridge=ridge)
    return Learned(
        launches=known,
        values=values,
        rate=rate,
        path=path,
        best=best,
        losses=log_loss(design, known.landed, path, ridge=ridge),
        least=float(log_loss(design, known.landed, best, ridge=ridge)),
    )
