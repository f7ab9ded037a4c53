"""Explain a model's answer: exact Shapley values against a background of real flights."""

from collections.abc import Callable, Mapping
from functools import cache
from math import factorial

import numpy as np

MAX_ROWS = 2**15


def background_size(fields: int) -> int:
    """Return how many background rows keep an explanation of this many fields within `MAX_ROWS`.

    The result is at least 16, which exceeds `MAX_ROWS` from 12 fields on.
    """
    return max(16, MAX_ROWS >> fields)


def shapley(
    predict: Callable[[dict[str, np.ndarray]], np.ndarray],
    row: Mapping[str, object],
    background: Mapping[str, np.ndarray],
) -> tuple[float, dict[str, float]]:
    """Split a prediction among the fields of `row`.

    The value of a set of fields is the mean prediction over the background rows after these fields get
    the values of `row`. A field's share is its Shapley value in that game (Shapley 1953; Lundberg and Lee
    2017), computed over all 2^F sets in one batch, so it is exact.

    Parameters
    ----------
    predict : callable
        Maps columns, each of shape (N,), to predictions of shape (N,).
    row : mapping
        The value of each of the F fields.
    background : mapping
        The same fields of B real rows, each of shape (B,).

    Returns
    -------
    base : float
        Mean prediction over the background.
    shares : dict of str to float
        By field; the base and the shares add up to the prediction.
    """
    names = list(row)
    sets = np.arange(2 ** len(names))
    differs = np.array([np.asarray(background[name]) != row[name] for name in names])
    masks = (1 << np.arange(len(names))) @ differs
    # A field with the same value in the background changes nothing, so only sets of the other fields are
    # predicted.
    of_row, of_set = np.nonzero((sets & ~masks[:, np.newaxis]) == 0)
    columns = {}
    for position, name in enumerate(names):
        values = np.asarray(background[name])[of_row]
        values[(of_set >> position) & 1 == 1] = row[name]
        columns[name] = values
    predictions = np.empty((len(masks), len(sets)))
    predictions[of_row, of_set] = predict(columns)
    worth = np.take_along_axis(predictions, sets & masks[:, np.newaxis], axis=1).mean(axis=0)
    weights = _weights(len(names))
    shares = {}
    for position, name in enumerate(names):
        without = sets[(sets >> position) & 1 == 0]
        gain = worth[without | (1 << position)] - worth[without]
        shares[name] = float(weights[without] @ gain)
    return float(worth[0]), shares


@cache
def _weights(fields: int) -> np.ndarray:
    """Return the weight |S|! (F - |S| - 1)! / F! of each set S of fields, (2^F,); 0 for the set of all."""
    of_size = [factorial(size) * factorial(fields - size - 1) / factorial(fields) for size in range(fields)]
    return np.array([*of_size, 0.0])[[members.bit_count() for members in range(2**fields)]]
