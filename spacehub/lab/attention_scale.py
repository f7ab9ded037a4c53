"""How the dimension of queries and keys affects attention, and why dot products are divided by the square root of the dimension."""

from dataclasses import dataclass

import numpy as np

from spacehub.lab.attention import attend, entropy

# Numbers averaged for each point: words times draws.
MEANS_OVER = 256


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How spread out attention is, averaged over queries.

    Parameters
    ----------
    words : float
        The exponential of the mean entropy: the number of words over which uniform weights have the same entropy.
    largest : float
        The largest weight.
    gradient : float
        The gradient through the softmax, Σ w (1 − w): the trace of its Jacobian diag(w) − w wᵀ. It is 0 if all
        weight is on one word.
    scores : float
        The standard deviation of the scores.
    """

    words: float
    largest: float
    gradient: float
    scores: float


def draw(width: int, words: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return random queries and keys [draws, words, width], whose entries are independent with mean 0 and variance 1.

    This is the assumption of Vaswani et al. (2017) for √d, in a footnote of section 3.2.1.
    """
    rng = np.random.default_rng(seed)
    shape = (-(-MEANS_OVER // words), words, width)
    return rng.standard_normal(shape), rng.standard_normal(shape)


def weigh(queries: np.ndarray, keys: np.ndarray, power: float) -> tuple[np.ndarray, Spread]:
    """Return attention weights [..., n, n] with dot products divided by a power of d, and how spread out they are."""
    scale = queries.shape[-1] ** -power
    _, weights = attend(queries, keys, keys, scale=scale)
    return weights, Spread(
        words=float(np.exp(entropy(weights).mean())),
        largest=float(weights.max(axis=-1).mean()),
        gradient=float((weights * (1 - weights)).sum(axis=-1).mean()),
        scores=float((queries @ np.swapaxes(keys, -1, -2) * scale).std()),
    )
