"""A multilayer perceptron in NumPy: layers, activations, and the gradient by backpropagation."""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from spacehub.errors import SpaceHubError

MOST_LAYERS, MOST_UNITS = 6, 512


@dataclass(frozen=True)
class Activation:
    """A unit's output as a function of its weighted sum, and the derivative as a function of the output."""

    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]


ACTIVATIONS = {
    "ReLU": Activation(lambda z: np.maximum(z, 0), lambda a: a > 0),
    "tanh": Activation(np.tanh, lambda a: 1 - a * a),
    # With tanh, so that a large negative sum does not overflow.
    "sigmoid": Activation(lambda z: (1 + np.tanh(z / 2)) / 2, lambda a: a * (1 - a)),
    "none": Activation(lambda z: z, lambda a: 1.0),
}


@dataclass(frozen=True, kw_only=True)
class Network:
    """Layers of units, each connected to all units of the previous layer. The last layer scores the classes.

    Parameters
    ----------
    sizes : tuple of int
        The numbers of inputs, of units in each hidden layer, and of classes.
    activation : str
        The activation of the hidden layers: one of `ACTIVATIONS`.
    parameters : array, (count,)
        All weights and biases in one row, layer by layer. An optimiser then needs no loop over layers.
    """

    sizes: tuple[int, ...]
    activation: str
    parameters: np.ndarray

    @cached_property
    def layers(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Each layer's weights (units before, units) and biases (units,): views of `parameters`."""
        return split(self.parameters, self.sizes)

    def logits(self, x: np.ndarray) -> np.ndarray:
        """Return the scores (n, classes) of inputs (n, inputs)."""
        return forward(self, x)[-1]

    def chances(self, x: np.ndarray) -> np.ndarray:
        """Return the probabilities of the classes (n, classes): the softmax of the scores."""
        return np.exp(log_softmax(self.logits(x)))

    def classes(self, x: np.ndarray) -> np.ndarray:
        """Return the most likely class of each input, (n,)."""
        return self.logits(x).argmax(axis=1)

    def loss(self, x: np.ndarray, labels: np.ndarray) -> float:
        """Return the mean cross-entropy of the correct classes (n,), in nats."""
        return _cross_entropy(log_softmax(self.logits(x)), labels)


def split(parameters: np.ndarray, sizes: Sequence[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return views of each layer's weights and biases in a row of parameters, or in a row of their gradient."""
    layers, start = [], 0
    for before, units in itertools.pairwise(sizes):
        middle, end = start + before * units, start + (before + 1) * units
        layers.append((parameters[start:middle].reshape(before, units), parameters[middle:end]))
        start = end
    return layers


def initialise(sizes: Sequence[int], *, activation: str = "ReLU", seed: int) -> Network:
    """Return a network with random weights and zero biases.

    The weights are Gaussian, with a variance of ``2 / inputs`` for ReLU (He et al. 2015, arXiv:1502.01852) and
    otherwise ``2 / (inputs + units)`` (Glorot & Bengio 2010). A signal then keeps its size through the layers.

    Raises
    ------
    SpaceHubError
        If there are too many layers or units, or there is no such activation.
    """
    sizes = tuple(int(size) for size in sizes)
    if activation not in ACTIVATIONS:
        raise SpaceHubError(
            f"Unknown activation function: {activation!r}.", f"Choose one of: {', '.join(ACTIVATIONS)}."
        )
    if len(sizes) > MOST_LAYERS + 2 or not all(1 <= size <= MOST_UNITS for size in sizes):
        raise SpaceHubError(
            f"The sizes of the hidden layers are out of range: {', '.join(map(str, sizes[1:-1])) or 'none'}.",
            f"Choose up to {MOST_LAYERS} hidden layers, each with 1 to {MOST_UNITS} units.",
        )
    draw = np.random.default_rng(seed)
    count = sum((before + 1) * units for before, units in itertools.pairwise(sizes))
    network = Network(sizes=sizes, activation=activation, parameters=np.zeros(count))
    for weights, _ in network.layers:
        before, units = weights.shape
        spread = math.sqrt(2 / before if activation == "ReLU" else 2 / (before + units))
        weights[:] = spread * draw.standard_normal(weights.shape)
    return network


def forward(network: Network, x: np.ndarray, masks: Sequence[np.ndarray] = ()) -> list[np.ndarray]:
    """Return the output of each layer, from the input to the classes' scores.

    Parameters
    ----------
    x : array, (n, inputs)
    masks : sequence of array, (n, units)
        The factors for each hidden layer's output; see `dropout_masks`.
    """
    value = ACTIVATIONS[network.activation].value
    outputs, passed = [x], x
    for number, (weights, biases) in enumerate(network.layers):
        sums = passed @ weights + biases
        if number == len(network.layers) - 1:
            outputs.append(sums)
        else:
            passed = value(sums)
            outputs.append(passed)
            if masks:
                passed = passed * masks[number]
    return outputs


def loss_and_gradient(
    network: Network, x: np.ndarray, labels: np.ndarray, masks: Sequence[np.ndarray] = ()
) -> tuple[float, np.ndarray]:
    """Return the mean cross-entropy and its gradient by backpropagation (Rumelhart, Hinton & Williams 1986).

    The error of the scores is ``softmax - one-hot``. A layer's gradient is its input times the error of its sums. The
    error is propagated back through the weights and multiplied by the slope of the activation.

    Parameters
    ----------
    x : array, (n, inputs)
    labels : array of int, (n,)
    masks : sequence of array
        Passed to `forward`.

    Returns
    -------
    float
        The loss in nats.
    array, (count,)
        The gradient, in the order of the network's parameters.
    """
    slope = ACTIVATIONS[network.activation].slope
    outputs = forward(network, x, masks)
    logarithms = log_softmax(outputs[-1])
    error = np.exp(logarithms)
    error[np.arange(len(x)), labels] -= 1
    error /= len(x)
    gradient = np.empty_like(network.parameters)
    parts = split(gradient, network.sizes)
    for number in reversed(range(len(parts))):
        weights, biases = parts[number]
        masked = bool(masks) and number > 0
        came = outputs[number] * masks[number - 1] if masked else outputs[number]
        np.matmul(came.T, error, out=weights)
        error.sum(axis=0, out=biases)
        if number:
            error = error @ network.layers[number][0].T
            if masked:
                error *= masks[number - 1]
            error *= slope(outputs[number])
    return _cross_entropy(logarithms, labels), gradient


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Return the log probabilities of the classes (n, classes), so that a tiny probability does not become zero."""
    scores = scores - scores.max(axis=1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def _cross_entropy(logarithms: np.ndarray, labels: np.ndarray) -> float:
    return -float(logarithms[np.arange(len(labels)), labels].mean())


def dropout_masks(network: Network, n: int, chance: float, draw: np.random.Generator) -> list[np.ndarray]:
    """Return a mask (n, units) for each hidden layer: 0 with the given probability, otherwise ``1 / (1 - chance)``.

    Srivastava et al., "Dropout" (JMLR 2014). Values are scaled up during training, so prediction needs no change.
    """
    scale = 1 / (1 - chance)
    return [scale * (draw.random((n, units)) >= chance) for units in network.sizes[1:-1]]
