"""Payload mass from orbit and launch site: one weight per category, shrunk by a ridge, tested on held-out flights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.launches import Launches
from spacehub.lab.regression import normal_equations, with_intercept

FACTS = ("orbit", "site")


@dataclass(frozen=True, kw_only=True)
class Payloads:
    """A fit of the payload mass, in kg.

    Parameters
    ----------
    launches : Launches
        Launches with a known mass and orbit.
    categories : list of (str, str)
        The fact and value of each weight except the intercept.
    weights : array, shape (categories + 1,)
        The intercept, then what each category adds.
    fitted : array
        The fitted mass of each launch.
    left_out : array
        The mass of each launch from a fit to all others.
    """

    launches: Launches
    categories: Sequence[tuple[str, str]]
    weights: np.ndarray
    fitted: np.ndarray
    left_out: np.ndarray

    @property
    def error(self) -> float:
        """The root mean square error on held-out launches, kg."""
        return _root_mean_square(self.left_out - self.launches.mass_kg)

    @property
    def error_of_mean(self) -> float:
        """The root mean square error if the prediction for each held-out launch is the mean of the others, kg."""
        mass = self.launches.mass_kg
        return _root_mean_square((mass.mean() - mass) * len(mass) / (len(mass) - 1))

    def predict(self, wanted: Mapping[str, str]) -> float:
        """Return the predicted mass (kg) of a flight, such as ``{"orbit": "ISS", "site": "KSC LC-39A"}``.

        Raises
        ------
        SpaceHubError
            If no launch in the fit has this value of a fact.
        """
        for fact in dict(self.categories):
            known = [value for name, value in self.categories if name == fact]
            if wanted[fact] not in known:
                raise SpaceHubError(
                    f"No launch with a known payload has the {fact} {wanted[fact]!r}.",
                    f"Choose one of: {', '.join(known)}.",
                )
        row = [1.0, *(float(wanted[fact] == value) for fact, value in self.categories)]
        return float(np.array(row) @ self.weights)


def one_hot(launches: Launches, facts: Sequence[str]) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """Return a column of 0 and 1 for each value of each fact, shape (n, categories), and the categories."""
    categories = [
        (fact, str(value)) for fact in facts for value in dict.fromkeys(sorted(getattr(launches, fact)))
    ]
    columns = [getattr(launches, fact) == value for fact, value in categories]
    return np.array(columns, dtype=float).T.reshape(len(launches), len(categories)), categories


def fit(launches: Launches, *, facts: Sequence[str] = FACTS, ridge: float = 1.0) -> Payloads:
    """Fit the payload mass, and predict each launch from a fit without it.

    The predictions need no second fit. If h is the leverage of a launch, its error when left out is
    ``residual / (1 - h)`` (Allen, Technometrics 1974). This is exact with a ridge, too.

    Parameters
    ----------
    facts : sequence of str
        Some of `FACTS`.
    ridge : float
        Above 0: the values of one fact cover all launches, so without a ridge their weights are not determined.

    Raises
    ------
    SpaceHubError
        If there is no fact, an unknown one, or no ridge.
    """
    if not facts or any(fact not in FACTS for fact in facts):
        raise SpaceHubError(
            "To predict the mass, the model needs at least one feature.",
            f"Choose one or more of: {', '.join(FACTS)}.",
        )
    if not 0 < ridge <= 1e6:
        raise SpaceHubError(
            f"The ridge penalty ({ridge:g}) is out of range.",
            "Choose a value above 0 and at most 1,000,000. Without a ridge penalty, the weights are not unique.",
        )
    known = launches[np.isfinite(launches.mass_kg) & (launches.orbit != "")]
    columns, categories = one_hot(known, facts)
    design = with_intercept(columns)
    weights = normal_equations(design, known.mass_kg, ridge=ridge)
    fitted = design @ weights
    leverage = np.einsum("np,pn->n", design, normal_equations(design, np.eye(len(known)), ridge=ridge))
    return Payloads(
        launches=known,
        categories=categories,
        weights=weights,
        fitted=fitted,
        left_out=known.mass_kg - (known.mass_kg - fitted) / (1 - leverage),
    )


def _root_mean_square(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2)))
