"""The benches of attention: what √d is for, what an order of words is to it, and at what a published BERT looks."""

from collections.abc import Callable, Sequence

import gradio as gr
import numpy as np

from space_app.lab import attention_api as api
from space_app.lab import attention_figures as figures
from space_app.lab import published_titles
from space_app.lab.frame import Bench, View
from space_app.lab.provenance import provenance
from space_app.lab.quantities import share
from space_app.lab.tokens_api import LONGEST, text_of
from space_app.watch import Watch
from spacehub.lab import attention, attention_bert, attention_scale, attention_toy
from spacehub.lab.attention_bert import BEFORE, TARGETS
from spacehub.lab.attention_toy import HEADS
from spacehub.serving.words import cut, percent

SENTENCE = "the rocket left the pad and the crowd saw the rocket"
TITLE = "Scientists find ice in a crater that never sees the Sun"
WIDTHS = 2 ** np.arange(0, 11, 2)


def _scale_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(0, 10, 6, step=1, label="Width of queries and keys, as a power of two"),
        gr.Slider(0, 1, 0, step=0.05, label="Divide the products by d to the power of", info="½ is √d."),
        gr.Slider(2, api.MOST_WORDS, 16, step=1, label="Words"),
        gr.Slider(1, 100, 1, step=1, label="Seed", info="Another seed, other words."),
    ]


def _show_scale(exponent: int, power: float, words: int, seed: int) -> View:
    width, words, seed = 2 ** int(exponent), int(words), int(seed)
    powers = {0: "undivided", 0.5: "divided by √d"}
    powers.setdefault(power, f"divided by d to the {power:.2f}")
    weights, divided, undivided = api.scaled(width, words, power, seed)
    root = api.scaled(width, words, 0.5, seed)[1]
    drawn = [attention_scale.draw(int(one), words, seed=seed) for one in WIDTHS]
    curves = {
        name: [attention_scale.weigh(*pair, by)[1].words for pair in drawn] for by, name in powers.items()
    }
    return View(
        figures=[figures.heat(weights), figures.spread(WIDTHS, curves, width, words)],
        numbers={
            "Width d": f"{width:,}",
            "Products are divided by": f"{width**power:.3g}",
            "Standard deviation of the scores": f"{divided.scores:.2f}; √d is {width**0.5:.2f}",
            "Entropy of a word's weights": f"{np.log(divided.words):.2f} of {np.log(words):.2f} nats",
            "As an even look at": f"{divided.words:.2f} of {words} words",
            "Largest weight, in the mean": share(divided.largest),
            "Left of the softmax's gradient": f"{divided.gradient:.3f}",
        },
        answer=f"At width {width:,} a word looks at {undivided.words:.1f} of {words} words when nothing is divided, and at "
        f"{root.words:.1f} with √d; as it is set, at {divided.words:.1f}.",
        source=attention_scale.weigh,
    )


def _toy_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Textbox(SENTENCE, label="Words", info="2 to 16; press Enter.", max_length=700),
        gr.Slider(0, 1, 1, step=0.05, label="How strongly places are told"),
        gr.Slider(0, 50, 1, step=1, label="Shuffle", info="0 leaves the words in their order."),
        gr.Slider(-2, 2, 0, step=0.1, label="Temperature, as a power of ten"),
        gr.Checkbox(False, label="Each word sees only those before it, as in GPT"),
        gr.Radio(list(HEADS), value=HEADS[1], label="Head that is drawn"),
    ]


def _show_toy(text: str, positions: float, seed: int, power: float, causal: bool, head: str) -> View:
    words, found = api.toy(text, positions, 10.0**power, causal, int(seed))
    _, without = api.toy(text, 0, 10.0**power, causal, int(seed))
    at, most = HEADS.index(head), int(found.moved.argmax())
    weights = found.weights_after[at]
    shuffled = [words[place] for place in found.order]
    row, column = np.unravel_index(weights.argmax(), weights.shape)
    spread = np.exp(attention.entropy(found.weights_after).mean(axis=1))
    return View(
        figures=[
            figures.heat(found.weights[at], words, "in their order"),
            figures.heat(weights, shuffled, "shuffled"),
            figures.moved(words, found.moved),
        ],
        numbers={
            "Words": f"{len(words)}",
            "Shuffled": cut(" ".join(shuffled), 90),
            **{f"“{name}” looks at": f"{one:.2f} words" for name, one in zip(HEADS, spread, strict=True)},
            "The surest look": f"“{cut(shuffled[row], 20)}” at “{cut(shuffled[column], 20)}”, {percent(weights[row, column])}",
            "Outputs move, in the mean": _rounded(found.moved.mean()),
        },
        answer=f"{_told(words[most], found.moved[most])}; were no places told, it would be {_rounded(without.moved.max())}.",
        source=attention_toy.shuffle,
    )


def _rounded(part: float) -> str:
    """Write a share without the last digits that floating point leaves."""
    return share(round(float(part), 6))


def _told(word: str, moved: float) -> str:
    if moved < 1e-6:
        return "The outputs move by 0 % of their length"
    return f"Shuffled, the output of “{cut(word, 20)}” moves most, by {_rounded(moved)} of its length"


def _bert_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Textbox(TITLE, label="A title", info="Press Enter to have it read.", max_length=LONGEST),
        gr.Slider(1, 6, 1, step=1, label="Layer"),
        gr.Slider(1, 12, 3, step=1, label="Head"),
        gr.Radio(list(TARGETS), value=BEFORE, label="Share of all heads on …"),
    ]


def _show_bert(watch: Watch) -> Callable[..., View]:
    def show(text: str, layer: int, head: int, target: str) -> View:
        status, pieces, found = api.look(watch, text)
        at = api.place(found, int(layer), int(head))
        weights, shares = found.weights[at], attention_bert.share(found.weights, target)
        best = tuple(map(int, np.unravel_index(shares.argmax(), shares.shape)))
        spread = float(np.exp(attention.entropy(weights).mean()))
        [served] = status.served.chances([text_of(text)])
        return View(
            figures=[figures.heat(weights, pieces), figures.heads(shares, *at)],
            numbers={
                "Pieces, with [CLS] and [SEP]": f"{len(pieces)}",
                **{f"On {one}": percent(float(attention_bert.share(weights, one))) for one in TARGETS},
                "An even look would put on one": percent(1 / len(pieces)),
                "A piece looks at": f"{spread:.1f} pieces",
                "Heads with over half on it": f"{(shares > 0.5).sum()} of {shares.size}",
                "Chance of space, by these lines": percent(api.chance(found)),
                "Chance in the tab Titles": percent(float(served)),
            },
            answer=f"Head {at[1] + 1} of layer {at[0] + 1} puts {percent(float(shares[at]))} of its weight on {target}; "
            + (
                f"no other of the {shares.size} heads puts more."
                if best == at
                else f"most of all does head {best[1] + 1} of layer {best[0] + 1}, {percent(float(shares[best]))}."
            ),
            source=attention.attend,
            extra=provenance(status, simulated=published_titles.SIMULATED),
        )

    return show


def benches(watch: Watch) -> list[Bench]:
    """Return the benches over the model that `watch` has pulled."""
    return [
        Bench(
            key="attention-scale",
            question="What does √d do to attention's weights?",
            words="Queries and keys drawn by chance. A product of d terms spreads as √d, and the softmax of large scores "
            "is all on one word. Move the second slider to ½, then turn the width.",
            controls=_scale_controls,
            show=_show_scale,
            figures=2,
        ),
        Bench(
            key="attention-words",
            question="How much does a word's output move when the words are shuffled?",
            words="Each word's vector tells what it means and where it stands. Three heads were made by hand: one looks "
            "for like words, one for the word before, one has weights drawn by chance. Nothing here has learned.",
            controls=_toy_controls,
            show=_show_toy,
            figures=3,
        ),
        Bench(
            key="attention-bert",
            question="At what does a head of the published BERT look?",
            words="The published model's own weights, run by the attention that stands in the source below. A row is a "
            "piece that looks, a column what it looks at.",
            controls=_bert_controls,
            show=_show_bert(watch),
            figures=2,
        ),
    ]
