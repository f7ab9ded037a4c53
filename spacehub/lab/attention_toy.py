"""Self-attention small enough to follow: three handmade heads over randomly drawn word vectors with positions.

A word's vector is its meaning, drawn once for each distinct word, followed by its position. One head attends to
similar words, one to the previous word, and one has random weights. None of the heads is trained.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spacehub.lab.attention import Projections, look_back, self_attention

HEADS = ("like words", "the word before", "by chance")
# The length of a word's meaning vector, and of its position vector.
HALF = 32
WIDTH = 2 * HALF
# Words between two crests of the slowest wave of the position vector, and of the fastest.
SLOWEST, QUICKEST = 64.0, 4.0
# The head for the previous word is sharp, so that neighbouring positions do not blur.
SHARPNESS = 8.0


@dataclass(frozen=True, kw_only=True)
class Shuffled:
    """Attention over words in their original order and in another order.

    `order` holds the word at each new position. `weights` and `weights_after` [3, n, n] are the heads' attention
    weights. `moved` [n] is, for each word in the original order, the distance between its two outputs, relative to
    the output's length.
    """

    order: np.ndarray
    weights: np.ndarray
    weights_after: np.ndarray
    moved: np.ndarray


def shuffle(
    words: Sequence[str], *, positions: float, temperature: float = 1, causal: bool = False, seed: int
) -> Shuffled:
    """Let words attend to each other, then shuffle them and compare each word's output.

    Parameters
    ----------
    positions : float
        The strength of the positional encoding: 0 turns it off, and at 1 it is as strong as the words.
    temperature : float
        A positive divisor of the scores, in addition to √d.
    causal : bool
        Whether each word sees only itself and earlier words.
    seed : int
        The seed of the new order; 0 leaves the order unchanged.
    """
    n = len(words)
    order = np.random.default_rng(seed).permutation(n) if seed else np.arange(n)
    meaning, place = vectors(words), positions * places(n)
    how = {"temperature": temperature, "causal": causal}
    outputs, weights = attend_all(np.hstack([meaning, place]), **how)
    after, weights_after = attend_all(np.hstack([meaning[order], place]), **how)
    moved = np.linalg.norm(after - outputs[order], axis=1) / np.linalg.norm(outputs[order], axis=1)
    return Shuffled(order=order, weights=weights, weights_after=weights_after, moved=moved[np.argsort(order)])


def attend_all(x: np.ndarray, *, temperature: float, causal: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the outputs [n, WIDTH] and weights [3, n, n] of the three heads over vectors [n, WIDTH]."""
    mask = look_back(len(x)) if causal else None
    scale = 1 / (temperature * np.sqrt(HALF))
    return self_attention(x, projections(), heads=len(HEADS), scale=scale, mask=mask)


def vectors(words: Sequence[str]) -> np.ndarray:
    """Return a random vector for each word, [n, HALF]; equal words have equal vectors."""
    drawn = [np.random.default_rng(list(word.lower().encode())).standard_normal(HALF) for word in words]
    return np.stack(drawn)


def places(n: int) -> np.ndarray:
    """Return a vector for each position, [n, HALF]: sines and cosines of several wavelengths.

    Vaswani et al. (2017), section 3.5; the waves are shorter here because the sentences are shorter.
    """
    turned = np.arange(n)[:, np.newaxis] * _turns()
    return np.hstack([np.sin(turned), np.cos(turned)]) * np.sqrt(2)


def step(by: int) -> np.ndarray:
    """Return the rotation matrix [HALF, HALF] that maps each position's vector to the vector `by` positions later."""
    cosine, sine = np.diag(np.cos(by * _turns())), np.diag(np.sin(by * _turns()))
    return np.block([[cosine, -sine], [sine, cosine]])


def projections() -> Projections:
    """Return the three heads' weights: the first uses meanings, the second positions, the third both."""
    rng = np.random.default_rng(1)
    identity, none = np.eye(HALF), np.zeros((HALF, HALF))
    by_chance = rng.standard_normal((2, WIDTH, HALF)) / np.sqrt(HALF)
    query = np.hstack([np.vstack([identity, none]), np.vstack([none, SHARPNESS * step(-1)]), by_chance[0]])
    key = np.hstack([np.vstack([identity, none]), np.vstack([none, identity]), by_chance[1]])
    value, output = rng.standard_normal((2, WIDTH, len(HEADS) * HALF)) / np.sqrt(WIDTH)
    free = np.zeros(len(HEADS) * HALF)
    return Projections(
        query=(query, free), key=(key, free), value=(value, free), output=(output.T, np.zeros(WIDTH))
    )


def _turns() -> np.ndarray:
    """Return the angle by which each wave turns per position, [HALF / 2] in radians."""
    return 2 * np.pi / np.geomspace(QUICKEST, SLOWEST, HALF // 2)
