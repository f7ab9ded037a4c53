"""Check backpropagation: compare its gradient with difference quotients, parameter by parameter."""

from dataclasses import dataclass, replace

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.networks import Network, loss_and_gradient, split

MOST_PARAMETERS = 5000
MISTAKES = ("none", "biases left out", "sum instead of mean", "a wrong sign in the first layer")


@dataclass(frozen=True, kw_only=True)
class GradientCheck:
    """The gradients by backpropagation and by difference quotients, both (count,)."""

    gradient: np.ndarray
    quotients: np.ndarray

    @property
    def error(self) -> float:
        """The relative difference between the two gradients, ``|a - b| / (|a| + |b|)``, from 0 to 1."""
        size = np.linalg.norm(self.gradient) + np.linalg.norm(self.quotients)
        return float(np.linalg.norm(self.gradient - self.quotients) / size) if size else 0.0


def check_gradient(
    network: Network, x: np.ndarray, labels: np.ndarray, *, step: float = 1e-5, mistake: str = MISTAKES[0]
) -> GradientCheck:
    """Move each parameter one step up and down, and compare the slope of the loss with the backpropagation gradient.

    Parameters
    ----------
    step : float
        The change of each parameter. The quotient's error falls with the square of the step size until rounding
        dominates.
    mistake : str
        One of `MISTAKES`: a deliberate error in the gradient, to see whether the check finds it.

    Raises
    ------
    SpaceHubError
        If the step or the mistake is invalid, or there are too many parameters to move one by one.
    """
    if not 0 < step <= 1:
        raise SpaceHubError(
            f"The step size ({step:g}) is out of range.", "Choose a value above 0 and at most 1."
        )
    if len(network.parameters) > MOST_PARAMETERS:
        raise SpaceHubError(
            f"The network has too many parameters ({len(network.parameters):,}) to change one by one.",
            f"Choose a network with at most {MOST_PARAMETERS:,} parameters.",
        )
    gradient = _with(mistake, network, loss_and_gradient(network, x, labels)[1], len(x))
    quotients = np.empty_like(gradient)
    moved = replace(network, parameters=network.parameters.copy())
    for number, value in enumerate(network.parameters):
        losses = []
        for place in value + step, value - step:
            moved.parameters[number] = place
            losses.append(moved.loss(x, labels))
        moved.parameters[number] = value
        quotients[number] = (losses[0] - losses[1]) / (2 * step)
    return GradientCheck(gradient=gradient, quotients=quotients)


def _with(mistake: str, network: Network, gradient: np.ndarray, n: int) -> np.ndarray:
    """Return the gradient with one of several common mistakes."""
    if mistake not in MISTAKES:
        raise SpaceHubError(
            f"Unknown value for 'mistake': {mistake!r}.", f"Choose one of: {', '.join(MISTAKES)}."
        )
    wrong = gradient * n if mistake == "sum instead of mean" else gradient.copy()
    layers = split(wrong, network.sizes)
    if mistake == "biases left out":
        for _, biases in layers:
            biases[:] = 0
    elif mistake == "a wrong sign in the first layer":
        layers[0][0][:] *= -1
    return wrong
