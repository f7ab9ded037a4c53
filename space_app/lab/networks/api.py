"""Endpoints of the Neural nets experiment: points in the plane, digits, and the gradient check."""

from dataclasses import dataclass
from typing import Annotated, TypedDict

import numpy as np

from space_app.parameters import Choice, Number, integer
from spacehub.lab import networks_data
from spacehub.lab.networks import ACTIVATIONS, Network, initialise
from spacehub.lab.networks_check import MISTAKES, GradientCheck, check_gradient
from spacehub.lab.networks_data import SETS, SPLITS
from spacehub.lab.networks_training import OPTIMISERS, History, Plan, train

LEARNED_FROM, FRESH, EPOCHS = 240, 1000, 300
BATCH, CHECKED = 64, 24

Activation = Annotated[
    str, Choice(list(ACTIVATIONS), label="Activation", help="The activation function of the hidden units.")
]
Rate = Annotated[float, Number(1e-4, 10, step=0.25, powers=True, label="Learning rate")]
Dropout = Annotated[
    float,
    Number(
        0, 0.8, step=0.05, label="Dropout", help="The probability that a training step drops a hidden unit."
    ),
]
Decay = Annotated[float, Number(0, 2, step=0.05, label="Weight decay")]
NetSeed = Annotated[
    int, integer(0, 10_000, step=1, label="Seed", help="A different seed gives different initial weights.")
]


class Learned(TypedDict):
    """The result of training: fractions from 0 to 1 and losses in nats."""

    parameters: int
    epochs: int
    diverged: bool
    loss: float
    held_out_loss: float
    wrong: float
    held_out_wrong: float
    held_out: int


class Checked(TypedDict):
    """A comparison of the gradient with difference quotients; `error` is ``|a - b| / (|a| + |b|)``."""

    parameters: int
    error: float
    largest_difference: float


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A network's training history, its training data and its held-out data (inputs and labels)."""

    history: History
    seen: tuple[np.ndarray, np.ndarray]
    held: tuple[np.ndarray, np.ndarray]

    def wrong(self, epoch: int = -1, *, held: bool = True) -> float:
        """Return the fraction misclassified after an epoch."""
        x, labels = self.held if held else self.seen
        return float(np.mean(self.history.network(epoch).classes(x) != labels))

    def loss(self, epoch: int = -1, *, held: bool = True) -> float:
        """Return the loss after an epoch, in nats and without dropout."""
        return self.history.network(epoch).loss(*(self.held if held else self.seen))


def lab_network_points(
    points: Annotated[str, Choice(list(SETS), listed=True, label="Points")] = "XOR",
    activation: Activation = "tanh",
    layers: Annotated[int, integer(0, 4, step=1, label="Hidden layers")] = 2,
    units: Annotated[int, integer(1, 32, step=1, label="Units per layer")] = 8,
    rate: Rate = 10**-1.5,
    optimiser: Annotated[
        str,
        Choice(
            list(OPTIMISERS),
            label="Optimiser",
            help="Training takes 300 steps, and each step uses all points.",
        ),
    ] = "Adam",
    noise: Annotated[
        float,
        Number(0, 1, step=0.01, label="Noise", help="The standard deviation of each point's random shift."),
    ] = 0.25,
    dropout: Dropout = 0,
    decay: Decay = 0,
    seed: NetSeed = 1,
) -> Learned:
    """Train a network to classify 240 points in the plane, and test it on 1,000 unseen points.

    Returns
    -------
    Learned
        The loss and the fraction misclassified, on the training points and on the held-out points.
    """
    plan = Plan(epochs=EPOCHS, rate=rate, optimiser=optimiser, dropout=dropout, decay=decay, seed=seed)
    return _learned(lesson_points(points, noise, shape(2, layers, units, 2), activation, plan))


def lab_network_digits(
    activation: Activation = "ReLU",
    layers: Annotated[int, integer(0, 2, step=1, label="Hidden layers")] = 1,
    units: Annotated[int, integer(1, 64, step=1, label="Units per layer")] = 48,
    rate: Rate = 10**-2.25,
    dropout: Dropout = 0,
    decay: Decay = 0,
    epochs: Annotated[
        int,
        integer(1, 40, step=1, label="Epochs", help="The number of passes over the training digits."),
    ] = 20,
    held_out: Annotated[
        str,
        Choice(
            list(SPLITS),
            label="Held out",
            help="The digits at the end of the file appear to come from different writers than the other digits.",
        ),
    ] = SPLITS[0],
    seed: NetSeed = 1,
) -> Learned:
    """Train a network on scikit-learn's digits (8 × 8 pixels), and test it on the held-out digits.

    Returns
    -------
    Learned
        The loss and the fraction misclassified, on 1,348 training digits and on 449 held-out digits.
    """
    plan = Plan(epochs=epochs, batch=BATCH, rate=rate, dropout=dropout, decay=decay, seed=seed)
    return _learned(lesson_digits(held_out, shape(64, layers, units, 10), activation, plan))


def lab_gradient_check(
    activation: Activation = "tanh",
    layers: Annotated[int, integer(0, 3, step=1, label="Hidden layers")] = 2,
    units: Annotated[int, integer(1, 8, step=1, label="Units per layer")] = 4,
    step: Annotated[float, Number(1e-11, 0.1, step=0.5, powers=True, label="Step size")] = 1e-5,
    mistake: Annotated[
        str, Choice(list(MISTAKES), listed=True, label="Mistake introduced in the gradient")
    ] = MISTAKES[0],
    seed: NetSeed = 1,
) -> Checked:
    """Compare the gradient from backpropagation with difference quotients, on 24 points and an untrained network.

    Returns
    -------
    Checked
        The relative difference between the two gradients.
    """
    check = checked(checked_network(activation, layers, units, seed), step, mistake, seed)
    return Checked(
        parameters=len(check.gradient),
        error=check.error,
        largest_difference=float(np.abs(check.gradient - check.quotients).max()),
    )


def shape(inputs: int, layers: int, units: int, classes: int) -> list[int]:
    """Return the layer sizes of a network whose hidden layers all have the same size."""
    return [inputs, *[units] * layers, classes]


def lesson_points(name: str, noise: float, sizes: list[int], activation: str, plan: Plan) -> Lesson:
    """Train a network on points in the plane. The held-out points are drawn in the same way with a different seed."""
    seen = networks_data.points(name, LEARNED_FROM, noise=noise, seed=plan.seed)
    held = networks_data.points(name, FRESH, noise=noise, seed=plan.seed + 2**32)
    start = initialise(sizes, activation=activation, seed=plan.seed)
    return Lesson(history=train(start, *seen, plan), seen=seen, held=held)


def lesson_digits(held_out: str, sizes: list[int], activation: str, plan: Plan) -> Lesson:
    """Train a network on the digits."""
    data = networks_data.digits(held_out)
    start = initialise(sizes, activation=activation, seed=plan.seed)
    return Lesson(
        history=train(start, data.x, data.labels, plan),
        seen=(data.x, data.labels),
        held=(data.held_x, data.held_labels),
    )


def checked_network(activation: str, layers: int, units: int, seed: int) -> Network:
    """Return an untrained network with nonzero biases, so that the check covers all paths."""
    network = initialise(shape(2, layers, units, 2), activation=activation, seed=seed)
    for _, biases in network.layers:
        biases[:] = 0.1 * np.random.default_rng(seed).standard_normal(biases.shape)
    return network


def checked(network: Network, step: float, mistake: str, seed: int) -> GradientCheck:
    """Check the network's gradient on a few noisy points of the two-moons data."""
    points = networks_data.points("moons", CHECKED, noise=0.2, seed=seed)
    return check_gradient(network, *points, step=step, mistake=mistake)


def _learned(lesson: Lesson) -> Learned:
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
