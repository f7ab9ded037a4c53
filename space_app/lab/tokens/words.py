"""The word order experiment: how far the outputs of attention move when the words are shuffled."""

import re
from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.quantities import share
from space_app.lab.tokens import attention_figures as figures
from space_app.parameters import MOST_SEED, Choice, Flag, Number, Text, integer
from spacehub.errors import SpaceHubError
from spacehub.lab import attention, attention_toy
from spacehub.lab.attention_toy import HEADS, Shuffled, shuffle
from spacehub.serving.titles import texts
from spacehub.serving.words import cut, percent

WORD = re.compile(r"\S+")
MOST_WORDS, LONGEST_WORD, LONGEST = 16, 40, 700


class WordAttention(TypedDict):
    """The attention of three heads over words in their original order, and shuffled.

    `order` holds the word at each new position. `weights` and `weights_after` map each head's name to a table
    [words, words]. `moved` holds how far each word's output vector moved, as a fraction of the vector's length.
    """

    words: list[str]
    order: list[int]
    weights: dict[str, list[list[float]]]
    weights_after: dict[str, list[list[float]]]
    moved: list[float]


def lab_attention_words(
    text: Annotated[
        str,
        Text(
            LONGEST, label="Words", help="Type 2 to 16 words, of at most 40 characters each, and press Enter."
        ),
    ] = "the rocket left the pad and the crowd saw the rocket",
    positions: Annotated[
        float,
        Number(
            0,
            2,
            step=0.05,
            label="Strength of the positional encoding",
            help="At 1, a word's position counts as much as its meaning.",
        ),
    ] = 1,
    temperature: Annotated[
        float,
        Number(
            0.001,
            1000,
            label="Temperature",
            help="The scores are divided by √d and by the temperature.",
        ),
    ] = 1,
    causal: Annotated[bool, Flag(label="Each word attends only to earlier words, as in GPT")] = False,
    seed: Annotated[
        int,
        integer(
            0,
            MOST_SEED,
            label="Seed of the shuffle",
            help="A seed of 0 keeps the words in their original order.",
        ),
    ] = 1,
) -> WordAttention:
    """Compute the attention between the words of the text in three handmade heads, before and after shuffling."""
    words, attended = _shuffle(text, positions, temperature, causal, seed)
    return WordAttention(
        words=words,
        order=attended.order.tolist(),
        weights=dict(zip(HEADS, attended.weights.tolist(), strict=True)),
        weights_after=dict(zip(HEADS, attended.weights_after.tolist(), strict=True)),
        moved=attended.moved.tolist(),
    )


def view(
    text: str,
    positions: float,
    seed: int,
    exponent: Annotated[float, Number(-2, 2, step=0.1, label="Temperature", unit="log10")] = 0,
    causal: bool = False,
    head: Annotated[str, Choice(list(HEADS), label="Head to draw")] = HEADS[1],
) -> View:
    """Show a head's weights before and after the words are shuffled, and how far the outputs moved."""
    words, attended = _shuffle(text, positions, 10.0**exponent, causal, seed)
    _, without = _shuffle(text, 0, 10.0**exponent, causal, seed)
    at, most = HEADS.index(head), int(attended.moved.argmax())
    weights = attended.weights_after[at]
    shuffled = [words[place] for place in attended.order]
    row, column = np.unravel_index(weights.argmax(), weights.shape)
    spread = np.exp(attention.entropy(attended.weights_after).mean(axis=1))
    return View(
        figures=[
            figures.heat(attended.weights[at], words, "in their order"),
            figures.heat(weights, shuffled, "shuffled"),
            figures.moved(words, attended.moved),
        ],
        numbers={
            "Words": f"{len(words)}",
            "Shuffled": cut(" ".join(shuffled), 90),
            **{
                f"Head “{name}”: effective number of words": f"{words_seen:.2f}"
                for name, words_seen in zip(HEADS, spread, strict=True)
            },
            "Largest weight": f"“{cut(shuffled[row], 20)}” on “{cut(shuffled[column], 20)}”, "
            f"{percent(weights[row, column])}",
            "Mean change of the outputs": _rounded(attended.moved.mean()),
        },
        answer=f"{_most_moved(words[most], attended.moved[most])}. Without the positional encoding, the largest "
        f"change would be {_rounded(without.moved.max())}.",
        source=attention_toy.shuffle,
    )


def _shuffle(
    text: str, positions: float, temperature: float, causal: bool, seed: int
) -> tuple[list[str], Shuffled]:
    """Return the text's words and the attention between them in the original and in the shuffled order."""
    words = WORD.findall(texts.one(text))
    fix = f"Type 2 to {MOST_WORDS} words of at most {LONGEST_WORD} characters each."
    if not 2 <= len(words) <= MOST_WORDS:
        raise SpaceHubError(f"The number of words in the text ({len(words):,}) is out of range.", fix)
    if max(map(len, words)) > LONGEST_WORD:
        raise SpaceHubError(f"A word in the text has more than {LONGEST_WORD} characters.", fix)
    return words, shuffle(words, positions=positions, temperature=temperature, causal=causal, seed=seed)


def _rounded(part: float) -> str:
    """Round a fraction to remove floating-point error in the last digits."""
    return share(round(float(part), 6))


def _most_moved(word: str, moved: float) -> str:
    if moved < 1e-6:
        return "The outputs do not change"
    return f"When the words are shuffled, the output of “{cut(word, 20)}” changes most, by {_rounded(moved)} of its norm"


BENCH = Bench(
    key="attention-words",
    question="How much does a word's output change when the words are shuffled?",
    words="Each word's vector encodes its meaning and its position. None of the three heads is trained: one attends to "
    "similar words, one attends to the previous word, and one has random weights.",
    endpoint=lab_attention_words,
    view=view,
    figures=3,
)
