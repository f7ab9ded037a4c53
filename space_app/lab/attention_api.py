"""The endpoints of attention, and what its benches share with them."""

import functools
import re
from collections.abc import Callable
from typing import TypedDict

import numpy as np

from space_app.lab import published_titles
from space_app.lab.provenance import Source, source
from space_app.lab.tokens_api import cut_text, text_of
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import attention_scale
from spacehub.lab.attention_bert import FIRST, TARGETS, Bert, Look, share
from spacehub.lab.attention_scale import Spread
from spacehub.lab.attention_toy import HEADS, Shuffled, shuffle
from spacehub.lab.tokens import END, START

WORD = re.compile(r"\S+")
LONGEST_WORD = 40
WIDEST, MOST_WORDS, MOST_TOY_WORDS = 1024, 32, 16


class ScaledAttention(TypedDict):
    """Attention over words drawn by chance, with products divided by √d to a power, and undivided.

    `weights` are those of the first draw, [words, words]; each number is a mean over queries. `looked_at` is over as many words as an
    even look would be, and `gradient` what the softmax lets through, Σ w (1 − w).
    """

    weights: list[list[float]]
    looked_at: float
    largest: float
    gradient: float
    scores: float
    looked_at_undivided: float


class WordAttention(TypedDict):
    """Three heads over words in their order, and shuffled.

    `order` tells which word stands at each new place. `weights` and `weights_after` have a table [words, words] by a head's name, and
    `moved` for each word how far its output lies from the one before, as a part of its length.
    """

    words: list[str]
    order: list[int]
    weights: dict[str, list[list[float]]]
    weights_after: dict[str, list[list[float]]]
    moved: list[float]


class BertAttention(TypedDict):
    """A head of the published BERT over a text: its weights [pieces, pieces], and the shares that it puts on targets.

    `shares_of_all` is for each layer and head the share on the target that was asked for; `even` what an even look would put on one
    piece. `chance` is that of space by the same lines, and `chance_served` the one that the app serves.
    """

    pieces: list[str]
    weights: list[list[float]]
    shares: dict[str, float]
    shares_of_all: list[list[float]]
    even: float
    chance: float
    chance_served: float
    source: Source


def scaled(width: int, words: int, power: float, seed: int) -> tuple[np.ndarray, Spread, Spread]:
    """Return the first draw's weights, and how spread out attention is, divided by d to a power and undivided.

    Raises
    ------
    SpaceHubError
        When a number is out of range.
    """
    if width not in range(1, WIDEST + 1) or words not in range(2, MOST_WORDS + 1):
        raise SpaceHubError(
            "The width or the number of words is out of range.",
            f"Choose a width from 1 to {WIDEST:,}, and 2 to {MOST_WORDS} words.",
        )
    if not isinstance(power, int | float) or not 0 <= power <= 1:
        raise SpaceHubError("The power of d is out of range.", "Choose from 0 to 1.")
    queries, keys = attention_scale.draw(int(width), int(words), seed=_seed(seed))
    weights, divided = attention_scale.weigh(queries, keys, power)
    return weights[0], divided, attention_scale.weigh(queries, keys, 0)[1]


def toy(
    text: object, positions: float, temperature: float, causal: bool, seed: int
) -> tuple[list[str], Shuffled]:
    """Return a text's words, and what becomes of them as they are shuffled.

    Raises
    ------
    SpaceHubError
        When there are too few or too many words, or a number is out of range.
    """
    words = WORD.findall(text_of(text))
    if not 2 <= len(words) <= MOST_TOY_WORDS or max(map(len, words)) > LONGEST_WORD:
        raise SpaceHubError(
            f"The text has {len(words):,} word{'s' if len(words) > 1 else ''}, or a very long one.",
            f"Type 2 to {MOST_TOY_WORDS} words, of at most {LONGEST_WORD} letters.",
        )
    if not isinstance(positions, int | float) or not 0 <= positions <= 10:
        raise SpaceHubError("The strength of places is out of range.", "Choose from 0 to 10.")
    if not isinstance(temperature, int | float) or not 0.001 <= temperature <= 1000:
        raise SpaceHubError("The temperature is out of range.", "Choose from 0.001 to 1,000.")
    how = {"positions": positions, "temperature": temperature, "causal": bool(causal)}
    return words, shuffle(words, **how, seed=_seed(seed))


def _seed(seed: object) -> int:
    if seed not in range(2**31):
        raise SpaceHubError(f"The seed is {seed}.", "Choose a whole number, 0 or more.")
    return int(seed)


def look(watch: Watch, text: object) -> tuple[Status, list[str], Look]:
    """Return the published model's status, the pieces of a text with [CLS] and [SEP], and what the model made of them.

    Raises
    ------
    SpaceHubError
        When the model is not published, or there is nothing in the text that can be read.
    """
    given, status = text_of(text), published_titles.ready(watch)
    known = published_titles.vocabulary(status)
    pieces = [piece for word in cut_text(given, known) for piece in word.pieces]
    # As many tokens as in training.
    read = (START, *pieces[: status.served.length - 2], END)
    numbers = tuple(known.pieces[piece] for piece in read)
    return status, list(read), _look(published_titles.bert(status), numbers)


@functools.lru_cache(maxsize=16)
def _look(model: Bert, numbers: tuple[int, ...]) -> Look:
    return model.look(list(numbers))


def place(found: Look, layer: int, head: int) -> tuple[int, int]:
    """Return where a layer and a head stand, of numbers from 1.

    Raises
    ------
    SpaceHubError
        When there is none of that number.
    """
    layers, heads = found.weights.shape[:2]
    if layer not in range(1, layers + 1) or head not in range(1, heads + 1):
        raise SpaceHubError(
            f"The model has no head {head} in a layer {layer}.",
            f"Choose a layer from 1 to {layers}, and a head from 1 to {heads}.",
        )
    return int(layer) - 1, int(head) - 1


def chance(found: Look) -> float:
    """Return the chance of *space* that follows from the logits."""
    other, space = found.logits.astype(float)
    return float(1 / (1 + np.exp(other - space)))


def endpoints(watch: Watch) -> list[Callable]:
    """Return the endpoints over the model that `watch` has pulled."""

    def lab_attention_scale(
        width: int = 64, words: int = 16, power: float = 0.5, seed: int = 1
    ) -> ScaledAttention:
        """Tell how spread out attention is when the products of queries and keys are divided by their width to a power.

        Queries and keys are independent normal numbers of variance 1.

        Parameters
        ----------
        width : int
            Numbers in a query and in a key, at most 1,024.
        words : int
            How many words there are, 2 to 32.
        power : float
            From 0, undivided, to 1; one half is the root.
        seed : int
            Another seed, other numbers.
        """
        weights, divided, undivided = scaled(width, words, power, seed)
        return ScaledAttention(
            weights=weights.tolist(),
            looked_at=divided.words,
            largest=divided.largest,
            gradient=divided.gradient,
            scores=divided.scores,
            looked_at_undivided=undivided.words,
        )

    def lab_attention_words(
        text: str, positions: float = 1, temperature: float = 1, causal: bool = False, seed: int = 1
    ) -> WordAttention:
        """Let the words of a text attend to each other in three heads made by hand, in their order and shuffled.

        Parameters
        ----------
        text : str
            A sentence of 2 to 16 words.
        positions : float
            How strongly places are told: 0 not at all, 1 as strongly as words.
        temperature : float
            By what the scores are divided, besides √d.
        causal : bool
            Whether each word sees only itself and those before it.
        seed : int
            Of the order; 0 leaves it as it is.
        """
        words, found = toy(text, positions, temperature, causal, seed)
        return WordAttention(
            words=words,
            order=found.order.tolist(),
            weights=dict(zip(HEADS, found.weights.tolist(), strict=True)),
            weights_after=dict(zip(HEADS, found.weights_after.tolist(), strict=True)),
            moved=found.moved.tolist(),
        )

    def lab_bert_attention(text: str, layer: int = 1, head: int = 1, target: str = FIRST) -> BertAttention:
        """Tell at which pieces of a text a head of the published BERT looks.

        Parameters
        ----------
        text : str
            At most 5,000 characters; as many pieces are read as in training.
        layer : int
            Counted from the text up; the first is 1.
        head : int
            One of the layer's; the first is 1.
        target : str
            Of which the shares of all heads are told: [CLS], [SEP], the piece before, the piece after or itself.
        """
        if target not in TARGETS:
            raise SpaceHubError("There is no such target.", f"Choose one of: {', '.join(TARGETS)}.")
        status, pieces, found = look(watch, text)
        weights = found.weights[place(found, layer, head)]
        return BertAttention(
            pieces=pieces,
            weights=weights.tolist(),
            shares={one: float(share(weights, one)) for one in TARGETS},
            shares_of_all=share(found.weights, target).tolist(),
            even=1 / len(pieces),
            chance=chance(found),
            chance_served=float(status.served.chances([text_of(text)])[0]),
            source=source(status),
        )

    return [lab_attention_scale, lab_attention_words, lab_bert_attention]
