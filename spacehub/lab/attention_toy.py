"""Self-attention that one can follow: three heads made by hand, words whose vectors are drawn by chance, and their places.

A word's vector is what it means, drawn once for each word, and beside it where it stands. One head looks for like words, one for
the word before, and one has weights drawn by chance. Nothing here has learned.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spacehub.lab.attention import Projections, look_back, self_attention

HEADS = ("like words", "the word before", "by chance")
# Numbers of a word's vector that say what it means, and as many that say where it stands.
HALF = 32
WIDTH = 2 * HALF
# Words from one crest of a place's slowest wave to the next, and of its quickest.
SLOWEST, QUICKEST = 64.0, 4.0
# The head for the word before looks sharply, so that neighbours' places do not blur.
SHARPNESS = 8.0


@dataclass(frozen=True, kw_only=True)
class Shuffled:
    """Attention over words in their order, and in another.

    `order` tells which word stands at each new place. `weights` and `weights_after` [3, n, n] are the heads', and `moved` [n] is for
    each word, in the first order, how far its output lies from the one before, as a part of its length.
    """

    order: np.ndarray
    weights: np.ndarray
    weights_after: np.ndarray
    moved: np.ndarray


def shuffle(
    words: Sequence[str], *, positions: float, temperature: float = 1, causal: bool = False, seed: int
) -> Shuffled:
    """Let words attend to each other, then shuffle them and look at what became of each one's output.

    Parameters
    ----------
    positions : float
        How strongly places are told: 0 not at all, 1 as strongly as words.
    temperature : float
        Above 0: the scores are divided by it as well as by √d.
    causal : bool
        Whether each word sees only itself and those before it.
    seed : int
        Of the order; 0 leaves it as it is.
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
    """Return a vector for each word, [n, HALF], drawn by chance; the same word has the same one."""
    drawn = [np.random.default_rng(list(word.lower().encode())).standard_normal(HALF) for word in words]
    return np.stack(drawn)


def places(n: int) -> np.ndarray:
    """Return a vector for each place, [n, HALF]: sines and cosines of several wavelengths.

    Vaswani et al. (2017), section 3.5; the waves are shorter here, as the sentences are.
    """
    turned = np.arange(n)[:, np.newaxis] * _turns()
    return np.hstack([np.sin(turned), np.cos(turned)]) * np.sqrt(2)


def step(by: int) -> np.ndarray:
    """Return the matrix [HALF, HALF] that takes each place's vector to that of the place `by` further on: a rotation."""
    cosine, sine = np.diag(np.cos(by * _turns())), np.diag(np.sin(by * _turns()))
    return np.block([[cosine, -sine], [sine, cosine]])


def projections() -> Projections:
    """Return the three heads' weights: the first reads what words mean, the second their places, the third all."""
    rng = np.random.default_rng(1)
    one, none = np.eye(HALF), np.zeros((HALF, HALF))
    by_chance = rng.standard_normal((2, WIDTH, HALF)) / np.sqrt(HALF)
    query = np.hstack([np.vstack([one, none]), np.vstack([none, SHARPNESS * step(-1)]), by_chance[0]])
    key = np.hstack([np.vstack([one, none]), np.vstack([none, one]), by_chance[1]])
    value, output = rng.standard_normal((2, WIDTH, len(HEADS) * HALF)) / np.sqrt(WIDTH)
    free = np.zeros(len(HEADS) * HALF)
    return Projections(
        query=(query, free), key=(key, free), value=(value, free), output=(output.T, np.zeros(WIDTH))
    )


def _turns() -> np.ndarray:
    """Return by how much each wave turns from a place to the next, [HALF / 2] in radians."""
    return 2 * np.pi / np.geomspace(QUICKEST, SLOWEST, HALF // 2)
