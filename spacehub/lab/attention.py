"""Self-attention: each word sends a query to all words, and averages their values by how well the keys match.

Vaswani et al. (2017), "Attention is all you need", section 3.2.
"""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Projections:
    """The weights that turn a word's vector into query, key and value, and the heads' results into an output.

    Each projection has weights [from, to] and a bias [to].
    """

    query: tuple[np.ndarray, np.ndarray]
    key: tuple[np.ndarray, np.ndarray]
    value: tuple[np.ndarray, np.ndarray]
    output: tuple[np.ndarray, np.ndarray]


def attend(
    queries: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    *,
    scale: float | None = None,
    mask: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the outputs and weights of scaled dot-product attention: softmax(scale · Q Kᵀ) V.

    Parameters
    ----------
    queries, keys : np.ndarray
        Arrays [..., n, d] and [..., m, d].
    values : np.ndarray
        Array [..., m, v].
    scale : float, optional
        Default: 1 / √d.
    mask : np.ndarray, optional
        bool [n, m]: true where a query may attend. Each query needs at least one true value.

    Returns
    -------
    tuple of np.ndarray
        The outputs [..., n, v], and the weights [..., n, m], which add up to 1 for each query.
    """
    scale = 1 / math.sqrt(queries.shape[-1]) if scale is None else scale
    scores = queries @ np.swapaxes(keys, -1, -2) * queries.dtype.type(scale)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ values, weights


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return the softmax of the scores along the last axis: positive numbers that add up to 1."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def self_attention(
    x: np.ndarray,
    projections: Projections,
    *,
    heads: int,
    scale: float | None = None,
    mask: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Let words attend to each other in several heads at once, with `scale` and `mask` as in `attend`.

    Parameters
    ----------
    x : np.ndarray
        The words' vectors [n, width].
    heads : int
        The number of heads. Each head gets an equal part of the queries, keys and values.

    Returns
    -------
    tuple of np.ndarray
        The outputs [n, to], and the heads' weights [heads, n, n].
    """
    queries, keys, values = (
        split_heads(_apply(x, projection), heads)
        for projection in (projections.query, projections.key, projections.value)
    )
    attended, weights = attend(queries, keys, values, scale=scale, mask=mask)
    joined = attended.transpose(1, 0, 2).reshape(len(x), -1)
    return _apply(joined, projections.output), weights


def split_heads(x: np.ndarray, heads: int) -> np.ndarray:
    """Reshape [n, heads · d] to [heads, n, d]."""
    return x.reshape(len(x), heads, -1).transpose(1, 0, 2)


def look_back(n: int) -> np.ndarray:
    """Return a causal mask [n, n]: each word sees only itself and earlier words, as in GPT."""
    return np.tri(n, dtype=bool)


def entropy(weights: np.ndarray) -> np.ndarray:
    """Return the entropy of weights along the last axis, in nats: from 0 (all weight on one of n words) to ln n.

    Shannon (1948). The exponential of the entropy is the number of words over which uniform weights would have it.
    """
    safe = np.where(weights > 0, weights, 1)
    return -(weights * np.log(safe)).sum(axis=-1)


def _apply(x: np.ndarray, projection: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    weights, bias = projection
    return x @ weights + bias
