"""The √d experiment: how the dimension of queries and keys affects attention."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.quantities import share
from space_app.lab.tokens import attention_figures as figures
from space_app.parameters import Number, Seed, integer
from spacehub.lab import attention_scale as lab
from spacehub.lab.attention_scale import Spread

WIDEST, MOST_WORDS = 1024, 32
WIDTHS = 2 ** np.arange(0, 11, 2)


class ScaledAttention(TypedDict):
    """Attention over randomly drawn words, with dot products divided by a power of d, and undivided.

    `weights` are those of the first draw, [words, words]; each number is a mean over queries. `looked_at` is
    the number of words over which a uniform distribution would have the same spread. `gradient` is how much of
    the gradient the softmax passes on, Σ w (1 − w).
    """

    weights: list[list[float]]
    looked_at: float
    largest: float
    gradient: float
    scores: float
    looked_at_undivided: float


def lab_attention_scale(
    width: Annotated[int, integer(1, WIDEST, label="Dimension d of queries and keys")] = 64,
    words: Annotated[int, integer(2, MOST_WORDS, step=1, label="Words")] = 16,
    power: Annotated[
        float,
        Number(
            0,
            1,
            step=0.05,
            label="Exponent of d in the divisor",
            help="With an exponent of ½, the scores are divided by √d. With an exponent of 0, the scores are unchanged.",
        ),
    ] = 0,
    seed: Seed = 1,
) -> ScaledAttention:
    """Measure how spread out attention is when dot products are divided by a power of their dimension.

    Queries and keys are independent normal numbers with variance 1.
    """
    weights, divided, undivided = _scaled(width, words, power, seed)
    return ScaledAttention(
        weights=weights.tolist(),
        looked_at=divided.words,
        largest=divided.largest,
        gradient=divided.gradient,
        scores=divided.scores,
        looked_at_undivided=undivided.words,
    )


def view(
    exponent: Annotated[
        int, integer(0, 10, step=1, label="Dimension d of queries and keys", unit="log2")
    ] = 6,
    power: float = 0,
    words: int = 16,
    seed: int = 1,
) -> View:
    """Show the attention weights, and the number of words over which attention spreads, for each dimension."""
    width = 2**exponent
    powers = {0: "undivided", 0.5: "divided by √d"}
    powers.setdefault(power, f"divided by d to the {power:.2f}")
    weights, divided, undivided = _scaled(width, words, power, seed)
    root = _scaled(width, words, 0.5, seed)[1]
    drawn = [lab.draw(int(width_), words, seed=seed) for width_ in WIDTHS]
    curves = {name: [lab.weigh(*pair, by)[1].words for pair in drawn] for by, name in powers.items()}
    return View(
        figures=[figures.heat(weights), figures.spread(WIDTHS, curves, width, words)],
        numbers={
            "Dimension d": f"{width:,}",
            "Divisor of the products": f"{width**power:.3g}",
            "Standard deviation of the scores": f"{divided.scores:.2f}; √d is {width**0.5:.2f}",
            "Entropy of a word's attention weights": f"{np.log(divided.words):.2f} of {np.log(words):.2f} nats",
            "Effective number of words": f"{divided.words:.2f} of {words} words",
            "Largest weight, on average": share(divided.largest),
            "Remaining softmax gradient": f"{divided.gradient:.3f}",
        },
        answer=f"Without division by √d, a word effectively attends to {undivided.words:.1f} of {words} words at dimension {width:,}. "
        f"The effective number of words is {root.words:.1f} with division by √d, and {divided.words:.1f} with your exponent.",
        source=lab.weigh,
    )


def _scaled(width: int, words: int, power: float, seed: int) -> tuple[np.ndarray, Spread, Spread]:
    """Return the weights of the first draw, and the spread of attention with and without division by a power of d."""
    queries, keys = lab.draw(width, words, seed=seed)
    weights, divided = lab.weigh(queries, keys, power)
    return weights[0], divided, lab.weigh(queries, keys, 0)[1]


BENCH = Bench(
    key="attention-scale",
    question="How does dividing by √d change the attention weights?",
    words="Queries and keys are drawn at random. A dot product of d terms has a standard deviation of √d, and the softmax "
    "of large scores puts all weight on one word. Set the exponent to ½, then change the "
    "dimension.",
    endpoint=lab_attention_scale,
    view=view,
    figures=2,
)
