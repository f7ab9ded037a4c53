"""Experiment: what the attention heads of the published BERT model attend to."""

import functools
from dataclasses import dataclass
from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.provenance import Source, provenance, source
from space_app.lab.tokens import attention_figures as figures
from space_app.lab.tokens import published
from space_app.parameters import Choice, Text, integer
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import attention
from spacehub.lab.attention_bert import BEFORE, TARGETS, Bert, Look, share
from spacehub.lab.tokens import END, START
from spacehub.serving.titles import texts
from spacehub.serving.words import percent

# The layers and heads of MiniLM-L6.
LAYERS, HEADS = 6, 12


class BertAttention(TypedDict):
    """The attention of one head of the published BERT: its weights [tokens, tokens], and its shares on targets.

    `shares_of_all` holds, for each layer and head, the fraction of attention on the chosen target. `even` is the
    fraction that uniform attention would put on one token. `chance` is the probability of the class *space*
    computed by the Lab's own code, and `chance_served` is the one that the app serves.
    """

    pieces: list[str]
    weights: list[list[float]]
    shares: dict[str, float]
    shares_of_all: list[list[float]]
    even: float
    chance: float
    chance_served: float
    source: Source


def lab_bert_attention(
    watch: Watch,
    text: Annotated[
        str, Text(published.LONGEST, label="Title", help="Press Enter to run the model on the title.")
    ] = ("Scientists find ice in a crater that never sees the Sun"),
    layer: Annotated[int, integer(1, LAYERS, step=1, label="Layer")] = 1,
    head: Annotated[int, integer(1, HEADS, step=1, label="Head")] = 3,
    target: Annotated[str, Choice(list(TARGETS), label="Attention of all heads to …")] = BEFORE,
) -> BertAttention:
    """Return which tokens of a text an attention head of the published BERT model attends to.

    The model reads at most as many tokens as in training. The first layer is the one next to the input.
    """
    inspection = _run(watch, text, layer, head)
    return BertAttention(
        pieces=inspection.pieces,
        weights=inspection.weights.tolist(),
        shares={name: float(share(inspection.weights, name)) for name in TARGETS},
        shares_of_all=share(inspection.look.weights, target).tolist(),
        even=1 / len(inspection.pieces),
        chance=inspection.chance,
        chance_served=inspection.chance_served,
        source=source(inspection.status),
    )


def view(watch: Watch, text: str, layer: int, head: int, target: str) -> View:
    """Show the head's weights, and how much attention each head pays to a target."""
    inspection = _run(watch, text, layer, head)
    at, shares = inspection.at, share(inspection.look.weights, target)
    best = tuple(map(int, np.unravel_index(shares.argmax(), shares.shape)))
    spread = float(np.exp(attention.entropy(inspection.weights).mean()))
    return View(
        figures=[figures.heat(inspection.weights, inspection.pieces), figures.heads(shares, *at)],
        numbers={
            "Tokens, with [CLS] and [SEP]": f"{len(inspection.pieces)}",
            **{f"On {name}": percent(float(share(inspection.weights, name))) for name in TARGETS},
            "Weight per token with uniform attention": percent(1 / len(inspection.pieces)),
            "Effective number of tokens": f"{spread:.1f}",
            "Heads with over half of their weight on the target": f"{(shares > 0.5).sum()} of {shares.size}",
            "Probability of “space” (the Lab's code)": percent(inspection.chance),
            "Probability of “space” (Titles tab)": percent(inspection.chance_served),
        },
        answer=f"Head {head} of layer {layer} puts {percent(float(shares[at]))} of its weight on {target}. "
        + (
            f"None of the other {shares.size - 1} heads puts more weight on {target}."
            if best == at
            else f"Head {best[1] + 1} of layer {best[0] + 1} puts the most weight on {target} ({percent(float(shares[best]))})."
        ),
        source=attention.attend,
        extra=provenance(inspection.status, simulated=published.SIMULATED),
    )


@dataclass(frozen=True, kw_only=True)
class _Run:
    """The published model's output for the tokens of the text, and the chosen layer and head (counted from 0)."""

    status: Status
    pieces: list[str]
    look: Look
    at: tuple[int, int]
    chance_served: float

    @property
    def weights(self) -> np.ndarray:
        """The chosen head's weights, float [tokens, tokens]."""
        return self.look.weights[self.at]

    @property
    def chance(self) -> float:
        """The probability of the *space* class, computed from the logits."""
        other, space = self.look.logits.astype(float)
        return float(1 / (1 + np.exp(other - space)))


def _run(watch: Watch, text: str, layer: int, head: int) -> _Run:
    """Run the published model on the text, framed by [CLS] and [SEP]."""
    text, status = texts.one(text), published.ready(watch)
    known = published.vocabulary(status)
    pieces = [piece for word in published.cut_text(text, known) for piece in word.pieces]
    # The same maximum number of tokens as in training.
    read = [START, *pieces[: status.served.length - 2], END]
    inspection = _look(published.bert(status), tuple(known.pieces[piece] for piece in read))
    layers, heads = inspection.weights.shape[:2]
    if layer > layers or head > heads:
        raise SpaceHubError(
            f"The model has no attention head {head} in layer {layer}.",
            f"Choose a layer from 1 to {layers}, and a head from 1 to {heads}.",
        )
    [served] = status.served.chances([text])
    return _Run(
        status=status, pieces=read, look=inspection, at=(layer - 1, head - 1), chance_served=float(served)
    )


@functools.lru_cache(maxsize=16)
def _look(model: Bert, numbers: tuple[int, ...]) -> Look:
    return model.look(list(numbers))


BENCH = Bench(
    key="attention-bert",
    question="What does an attention head of the published BERT model attend to?",
    words="The code below computes attention with the published model's own weights. Each row is the token "
    "that attends (query), and each column is the token it attends to (key).",
    endpoint=lab_bert_attention,
    view=view,
    figures=2,
)
