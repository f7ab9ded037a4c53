"""Train a network: gradient descent or Adam over mini-batches, with dropout and weight decay."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.networks import Network, dropout_masks, loss_and_gradient, split

OPTIMISERS = ("gradient descent", "Adam")
# The most numbers that a run may store: the network after each epoch.
MOST_KEPT = 20_000_000
# A weight beyond this diverges. If training stops here, six layers of such weights do not overflow.
LARGEST_WEIGHT = 1e12


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The training plan.

    Parameters
    ----------
    epochs : int
        The number of passes over all examples.
    batch : int or None
        Examples per step; None takes all at once.
    optimiser : str
        One of `OPTIMISERS`.
    rate : float
        The learning rate.
    dropout : float
        Probability that a hidden unit is dropped in a step.
    decay : float
        Each step subtracts ``rate * decay`` of every weight, except biases.
    seed : int
        For the batches and the dropout.
    """

    epochs: int
    batch: int | None = None
    optimiser: str = "Adam"
    rate: float = 0.01
    dropout: float = 0.0
    decay: float = 0.0
    seed: int = 0

    def check(self) -> None:
        """Check that the plan is valid."""
        if self.optimiser not in OPTIMISERS:
            raise SpaceHubError(
                f"Unknown optimiser: {self.optimiser!r}.", f"Choose one of: {', '.join(OPTIMISERS)}."
            )
        if not 0 < self.rate <= 1000:
            raise SpaceHubError(
                f"The learning rate ({self.rate:g}) is out of range.",
                "Choose a value above 0 and at most 1,000.",
            )
        if not 0 <= self.dropout < 1:
            raise SpaceHubError(
                f"The dropout rate ({self.dropout:g}) is out of range.",
                "Choose a probability of at least 0 and below 1.",
            )
        if not 0 <= self.decay <= 1000:
            raise SpaceHubError(
                f"The weight decay ({self.decay:g}) is out of range.", "Choose a value from 0 to 1,000."
            )
        if self.epochs < 1 or (self.batch is not None and self.batch < 1):
            raise SpaceHubError(
                "The number of epochs or the batch size is below 1.", "Choose values of at least 1."
            )


@dataclass(frozen=True, kw_only=True)
class History:
    """The results of training, epoch by epoch.

    Parameters
    ----------
    losses : array, (epochs,)
        The mean loss over each epoch's steps, with dropout, in nats.
    parameters : array, (epochs + 1, count)
        The network's parameters before the first epoch and after each epoch.
    diverged : bool
        Whether the weights diverged; training then stops early.
    """

    start: Network
    losses: np.ndarray
    parameters: np.ndarray
    diverged: bool

    def network(self, epoch: int = -1) -> Network:
        """Return the network after the given number of epochs; by default, after the last one."""
        return replace(self.start, parameters=self.parameters[epoch])


def train(network: Network, x: np.ndarray, labels: np.ndarray, plan: Plan) -> History:
    """Train a copy of a network to predict labels (n,) from inputs (n, inputs).

    Weight decay is decoupled from the gradient (Loshchilov & Hutter 2019, arXiv:1711.05101).

    Raises
    ------
    SpaceHubError
        If the plan is invalid, or the run would be too large to store.
    """
    plan.check()
    if (plan.epochs + 1) * len(network.parameters) > MOST_KEPT:
        raise SpaceHubError(
            f"The Lab cannot store {plan.epochs:,} epochs of a network with {len(network.parameters):,} parameters.",
            "Choose fewer epochs, layers or units.",
        )
    moving = replace(network, parameters=network.parameters.copy())
    step = _adam(moving, plan.rate) if plan.optimiser == "Adam" else _descent(moving, plan.rate)
    shrink, draw = _shrinking(moving, plan), np.random.default_rng(plan.seed)
    batch = min(plan.batch or len(x), len(x))
    kept, losses = [network.parameters.copy()], []
    # A rate that is too high makes the weights diverge. The result reports this, so no warning is needed.
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(plan.epochs):
            # A full batch needs no order; an incomplete last batch is left to the next epoch.
            order = draw.permutation(len(x)) if batch < len(x) else np.arange(len(x))
            seen = []
            for start in range(0, len(x) - batch + 1, batch):
                chosen = order[start : start + batch]
                masks = dropout_masks(moving, batch, plan.dropout, draw) if plan.dropout else ()
                loss, gradient = loss_and_gradient(moving, x[chosen], labels[chosen], masks)
                if shrink is not None:
                    moving.parameters[:] *= shrink
                step(gradient)
                seen.append(loss)
            # Written so that NaN is caught, too.
            if not (np.isfinite(seen).all() and np.abs(moving.parameters).max() <= LARGEST_WEIGHT):
                break
            losses.append(np.mean(seen))
            kept.append(moving.parameters.copy())
    return History(
        start=network,
        losses=np.array(losses),
        parameters=np.stack(kept),
        diverged=len(losses) < plan.epochs,
    )


def _shrinking(network: Network, plan: Plan) -> np.ndarray | None:
    """Return the weight decay factor for each parameter, or None if it is 1 for all."""
    if not plan.decay:
        return None
    factors = np.ones(len(network.parameters))
    for weights, _ in split(factors, network.sizes):
        weights[:] = 1 - plan.rate * plan.decay
    return factors


def _descent(network: Network, rate: float) -> Callable[[np.ndarray], None]:
    """Return a step of gradient descent."""

    def step(gradient: np.ndarray) -> None:
        network.parameters[:] -= rate * gradient

    return step


def _adam(network: Network, rate: float) -> Callable[[np.ndarray], None]:
    """Return a step of Adam with its authors' constants (Kingma & Ba 2015, arXiv:1412.6980)."""
    mean, square = np.zeros((2, len(network.parameters)))
    first, second, tiny, steps = 0.9, 0.999, 1e-8, 0

    def step(gradient: np.ndarray) -> None:
        nonlocal steps
        steps += 1
        mean[:] += (1 - first) * (gradient - mean)
        square[:] += (1 - second) * (gradient * gradient - square)
        unbiased = np.sqrt(square / (1 - second**steps)) + tiny
        network.parameters[:] -= rate / (1 - first**steps) * mean / unbiased

    return step
