"""What the width of queries and keys does to attention, and why their products are divided by its root."""

from dataclasses import dataclass

import numpy as np

from spacehub.lab.attention import attend, entropy

# Numbers that each point is a mean over: words times draws.
MEANS_OVER = 256


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How spread out attention is, as a mean over queries.

    Parameters
    ----------
    words : float
        Over as many words as an even look would be: the exponential function of the mean entropy.
    largest : float
        The largest weight.
    gradient : float
        What the softmax lets through, Σ w (1 − w): the trace of its Jacobian diag(w) − w wᵀ; 0 for all on one word.
    scores : float
        The standard deviation of the scores.
    """

    words: float
    largest: float
    gradient: float
    scores: float


def draw(width: int, words: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return queries and keys whose numbers are independent with mean 0 and variance 1, [draws, words, width] each.

    So are they assumed to be where Vaswani et al. (2017) give the reason for √d, in a footnote of section 3.2.1.
    """
    rng = np.random.default_rng(seed)
    shape = (-(-MEANS_OVER // words), words, width)
    return rng.standard_normal(shape), rng.standard_normal(shape)


def weigh(queries: np.ndarray, keys: np.ndarray, power: float) -> tuple[np.ndarray, Spread]:
    """Return attention's weights [..., n, n] with products that are divided by d to a power, and how spread out they are."""
    scale = queries.shape[-1] ** -power
    _, weights = attend(queries, keys, keys, scale=scale)
    return weights, Spread(
        words=float(np.exp(entropy(weights).mean())),
        largest=float(weights.max(axis=-1).mean()),
        gradient=float((weights * (1 - weights)).sum(axis=-1).mean()),
        scores=float((queries @ np.swapaxes(keys, -1, -2) * scale).std()),
    )
