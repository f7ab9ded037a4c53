"""The endpoints of the Lab's neural nets: points in the plane, digits, and the check of a gradient."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab import networks_data
from spacehub.lab.networks import Network, initialise
from spacehub.lab.networks_check import GradientCheck, check_gradient
from spacehub.lab.networks_training import History, Plan, train

LEARNED_FROM, FRESH, EPOCHS = 240, 1000, 300
BATCH, MOST_EPOCHS, CHECKED = 64, 100, 24
LARGEST = 128


class Learned(TypedDict):
    """A net that has learned: shares from 0 to 1, losses in nats."""

    parameters: int
    epochs: int
    diverged: bool
    loss: float
    held_out_loss: float
    wrong: float
    held_out_wrong: float
    held_out: int


class Checked(TypedDict):
    """A gradient beside difference quotients: `error` is ``|a - b| / (|a| + |b|)`` of the two vectors."""

    parameters: int
    error: float
    largest_difference: float


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A net's history, what it learned from and what was held out: inputs and labels."""

    history: History
    seen: tuple[np.ndarray, np.ndarray]
    held: tuple[np.ndarray, np.ndarray]

    def wrong(self, epoch: int = -1, *, held: bool = True) -> float:
        """Return the share that it gets wrong after an epoch."""
        x, labels = self.held if held else self.seen
        return float(np.mean(self.history.network(epoch).classes(x) != labels))

    def loss(self, epoch: int = -1, *, held: bool = True) -> float:
        """Return the loss after an epoch, in nats and without dropout."""
        return self.history.network(epoch).loss(*(self.held if held else self.seen))


def lab_network_points(
    points: str = "XOR",
    activation: str = "tanh",
    layers: int = 2,
    units: int = 8,
    rate: float = 0.03,
    optimiser: str = "Adam",
    noise: float = 0.15,
    dropout: float = 0,
    decay: float = 0,
    seed: int = 1,
) -> Learned:
    """Teach a neural net the classes of 240 points in the plane, and try it on 1,000 that it has not seen.

    Parameters
    ----------
    points : str
        One of: XOR, circles, moons, spirals.
    activation : str
        Of the hidden units: ReLU, tanh, sigmoid or none.
    layers : int
        Hidden layers, from 0 to 6.
    units : int
        Units of each hidden layer, from 1 to 128.
    rate : float
        The learning rate, above 0.
    optimiser : str
        Adam or gradient descent; 300 steps, each over all points.
    noise : float
        Standard deviation of what moves each point, from 0 to 1.
    dropout : float
        Chance that a hidden unit is left out of a step, from 0 to below 1.
    decay : float
        Weight decay, from 0.
    seed : int
        Another seed gives other points and another start.

    Returns
    -------
    Learned
        Loss and share of wrong answers on the points learned from and on those that were held out.
    """
    plan = Plan(
        epochs=EPOCHS, rate=rate, optimiser=optimiser, dropout=dropout, decay=decay, seed=as_seed(seed)
    )
    return _told(lesson_points(points, noise, shape(2, layers, units, 2), activation, plan))


def lab_network_digits(
    activation: str = "ReLU",
    layers: int = 1,
    units: int = 48,
    rate: float = 0.005,
    dropout: float = 0,
    decay: float = 0,
    epochs: int = 20,
    held_out: str = "a random quarter",
    seed: int = 1,
) -> Learned:
    """Teach a neural net to read scikit-learn's digits of 8 × 8 pixels, and try it on those that were held out.

    Parameters
    ----------
    activation : str
        Of the hidden units: ReLU, tanh, sigmoid or none.
    layers : int
        Hidden layers, from 0 to 6.
    units : int
        Units of each hidden layer, from 1 to 128.
    rate : float
        Adam's learning rate, above 0; its steps are over 64 digits each.
    dropout : float
        Chance that a hidden unit is left out of a step, from 0 to below 1.
    decay : float
        Weight decay, from 0.
    epochs : int
        How often every digit is seen, from 1 to 100.
    held_out : str
        One of: a random quarter, the last quarter.
    seed : int
        Another seed gives another start and other batches.

    Returns
    -------
    Learned
        Loss and share of wrong answers on 1,348 digits learned from and on 449 that were held out.
    """
    if not 1 <= epochs <= MOST_EPOCHS:
        raise SpaceHubError(f"{epochs:g} epochs are out of range.", f"Choose from 1 to {MOST_EPOCHS}.")
    plan = Plan(epochs=int(epochs), batch=BATCH, rate=rate, dropout=dropout, decay=decay, seed=as_seed(seed))
    return _told(lesson_digits(held_out, shape(64, layers, units, 10), activation, plan))


def lab_gradient_check(
    activation: str = "tanh",
    layers: int = 2,
    units: int = 4,
    step: float = 1e-5,
    mistake: str = "none",
    seed: int = 1,
) -> Checked:
    """Compare the gradient by back-propagation with difference quotients, on 24 points and a net not yet taught.

    Parameters
    ----------
    activation : str
        Of the hidden units: ReLU, tanh, sigmoid or none.
    layers : int
        Hidden layers, from 0 to 6.
    units : int
        Units of each hidden layer; the net may have up to 5,000 parameters.
    step : float
        By which each parameter is moved up and down, above 0 up to 1.
    mistake : str
        Planted into the gradient, for the check to find: none, biases left out, sum instead of mean, or a wrong
        sign in the first layer.
    seed : int
        Another seed gives other points and another start.

    Returns
    -------
    Checked
        How far the two are apart.
    """
    check = checked(checked_network(activation, layers, units, as_seed(seed)), step, mistake, as_seed(seed))
    return Checked(
        parameters=len(check.gradient),
        error=check.error,
        largest_difference=float(np.abs(check.gradient - check.quotients).max()),
    )


def as_seed(seed: float) -> int:
    """Return a seed as an integer.

    Raises
    ------
    SpaceHubError
        When it is none that a generator takes.
    """
    if not 0 <= seed < 2**32:
        raise SpaceHubError(f"The seed is {seed:g}.", "Choose a whole number from 0 to 4,294,967,295.")
    return int(seed)


def shape(inputs: int, layers: int, units: int, classes: int) -> list[int]:
    """Return the sizes of a net whose hidden layers are all of one size."""
    if not 0 <= layers <= 6 or not 1 <= units <= LARGEST:
        raise SpaceHubError(
            f"{layers:g} hidden layers of {units:g} units are out of range.",
            f"Choose from 0 to 6 layers of 1 to {LARGEST} units.",
        )
    return [inputs, *[int(units)] * int(layers), classes]


def lesson_points(name: str, noise: float, sizes: list[int], activation: str, plan: Plan) -> Lesson:
    """Teach a net points in the plane; those held out are drawn like them, with another seed."""
    seen = networks_data.points(name, LEARNED_FROM, noise=noise, seed=plan.seed)
    held = networks_data.points(name, FRESH, noise=noise, seed=plan.seed + 2**32)
    start = initialise(sizes, activation=activation, seed=plan.seed)
    return Lesson(history=train(start, *seen, plan), seen=seen, held=held)


def lesson_digits(held_out: str, sizes: list[int], activation: str, plan: Plan) -> Lesson:
    """Teach a net the digits."""
    data = networks_data.digits(held_out)
    start = initialise(sizes, activation=activation, seed=plan.seed)
    return Lesson(
        history=train(start, data.x, data.labels, plan),
        seen=(data.x, data.labels),
        held=(data.held_x, data.held_labels),
    )


def checked_network(activation: str, layers: int, units: int, seed: int) -> Network:
    """Return a net not yet taught; its biases are not left at zero, so that all paths are checked."""
    network = initialise(shape(2, layers, units, 2), activation=activation, seed=seed)
    for _, biases in network.layers:
        biases[:] = 0.1 * np.random.default_rng(seed).standard_normal(biases.shape)
    return network


def checked(network: Network, step: float, mistake: str, seed: int) -> GradientCheck:
    """Check its gradient on a few noisy points of the moons."""
    points = networks_data.points("moons", CHECKED, noise=0.2, seed=seed)
    return check_gradient(network, *points, step=step, mistake=mistake)


def _told(lesson: Lesson) -> Learned:
    history = lesson.history
    return Learned(
        parameters=len(history.start.parameters),
        epochs=len(history.losses),
        diverged=history.diverged,
        loss=lesson.loss(held=False),
        held_out_loss=lesson.loss(),
        wrong=lesson.wrong(held=False),
        held_out_wrong=lesson.wrong(),
        held_out=len(lesson.held[1]),
    )
