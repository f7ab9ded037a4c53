"""Bayes: a signal from space or noise, look by look, and a spam filter, word by word."""

from collections.abc import Sequence
from typing import TypedDict

import gradio as gr
import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, GREY, ORANGE, TEAL, figure
from space_app.lab.frame import Bench, Experiment, View
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import bayes
from spacehub.serving.words import percent

LOOKS, LONGEST, SURE = 40, 500, 0.99
SIGNAL, NOISE = "a signal", "noise"


class Belief(TypedDict):
    """The chance of a signal before and after each look."""

    chances: list[float]
    final: float


class Judged(TypedDict):
    """The chance that a message is spam before and after each word, and what each word adds in log odds."""

    words: list[str]
    chances: list[float]
    weights: list[float]
    spam: float


def lab_signal(
    looks: list[bool], prior: float = 0.01, peak_if_signal: float = 0.7, peak_if_noise: float = 0.2
) -> Belief:
    """Tell how sure one may be of a signal after each look at a place in the sky.

    Parameters
    ----------
    looks : list of bool
        For each look, whether there was a peak; at most 500.
    prior : float
        Chance of a signal before the first look.
    peak_if_signal : float
        Chance of a peak when there is a signal.
    peak_if_noise : float
        Chance of a peak when there is only noise.

    Returns
    -------
    Belief
        The chance of a signal before the first look and after each, by Bayes' rule.
    """
    if (
        not isinstance(looks, list)
        or len(looks) > LONGEST
        or any(look not in (True, False) for look in looks)
    ):
        raise SpaceHubError("The looks are no list of true and false.", f"Give at most {LONGEST} of them.")
    chances = bayes.follow(prior, looks, peak_if_signal, peak_if_noise)
    return Belief(chances=chances.tolist(), final=float(chances[-1]))


def lab_spam(message: str, smoothing: float = 1) -> Judged:
    """Judge a message word by word with naive Bayes, learned from a few messages that were made up for it.

    Parameters
    ----------
    message : str
        What is judged, in English, at most 500 characters.
    smoothing : float
        Laplace's: what is added to each word's count, above 0.

    Returns
    -------
    Judged
        The chance of spam before the first word and after each.
    """
    words, chances, weights = _judge(message, smoothing)
    return Judged(words=words, chances=chances.tolist(), weights=weights, spam=float(chances[-1]))


def _judge(message: str, smoothing: float) -> tuple[list[str], np.ndarray, list[float]]:
    if not isinstance(message, str) or not bayes.WORD.search(message.lower()):
        raise SpaceHubError("There is no word in the message.", "Write one in plain letters.")
    if len(message) > LONGEST:
        raise SpaceHubError(f"The message has {len(message):,} characters.", f"Shorten it to {LONGEST}.")
    learned = bayes.learn(smoothing=smoothing)
    words, chances = learned.follow(message)
    return words, chances, [learned.weight(word) for word in words]


def _signal_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Radio([SIGNAL, NOISE], value=SIGNAL, label="What is really there"),
        gr.Slider(0.001, 0.5, 0.01, step=0.001, label="Chance of a signal, before"),
        gr.Slider(0.01, 0.99, 0.7, step=0.01, label="Chance of a peak, if signal"),
        gr.Slider(0.01, 0.99, 0.2, step=0.01, label="Chance of a peak, if noise"),
        gr.Slider(1, LOOKS, 20, step=1, label="Looks"),
        gr.Slider(1, 100, 1, step=1, label="Seed", info="Another seed, other luck."),
    ]


def _show_signal(truth: str, prior: float, if_true: float, if_false: float, looks: int, seed: int) -> View:
    luck = np.random.default_rng(int(seed)).random(int(looks))
    seen = luck < (if_true if truth == SIGNAL else if_false)
    chances = bayes.follow(prior, seen, if_true, if_false)
    sure = np.flatnonzero(chances >= SURE)
    first = (
        f"{percent(SURE)} is reached at look {sure[0]}" if len(sure) else f"{percent(SURE)} is not reached"
    )
    return View(
        figures=[_belief_figure(chances, seen)],
        numbers={
            "Looks with a peak": f"{seen.sum()} of {len(seen)}",
            "Chance before": percent(prior),
            "Chance after": percent(float(chances[-1])),
            "A peak multiplies the odds by": f"{if_true / if_false:.3g}",
            "No peak multiplies them by": f"{(1 - if_true) / (1 - if_false):.3g}",
        },
        answer=f"After {len(seen)} looks the chance of a signal is {percent(float(chances[-1]))}, and there is "
        f"{truth}; {first}.",
        source=bayes.update,
    )


def _belief_figure(chances: np.ndarray, seen: np.ndarray) -> go.Figure:
    look = np.arange(len(chances))
    inks = [GREY, *(TEAL if peak else ORANGE for peak in seen)]
    made = figure(
        go.Scatter(
            x=look,
            y=chances,
            mode="lines+markers",
            line={"color": BLUE, "width": 1.5},
            marker={"size": 10, "color": inks},
            text=["before", *("peak" if peak else "no peak" for peak in seen)],
            showlegend=False,
        ),
        *(
            go.Scatter(x=[None], y=[None], name=name, mode="markers", marker={"size": 10, "color": ink})
            for name, ink in (("peak", TEAL), ("no peak", ORANGE))
        ),
        x="look",
        y="chance of a signal",
        height=420,
    )
    made.layout.yaxis.range = (-0.04, 1.04)
    return made


def _spam_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Textbox(
            "Claim your free trip to the Moon now",
            label="Message",
            info="Press Enter to judge it.",
            max_length=LONGEST,
        ),
        gr.Slider(0.05, 5, 1, step=0.05, label="Laplace smoothing"),
    ]


def _show_spam(message: str, smoothing: float) -> View:
    words, chances, weights = _judge(message, smoothing)
    known = sum(word in bayes.learn(smoothing=smoothing).words for word in words)
    strongest = int(np.abs(weights).argmax())
    return View(
        figures=[_spam_figure(words, chances)],
        numbers={
            "Messages learned from, made up": f"{len(bayes.SPAM)} spam, {len(bayes.HAM)} others",
            "Words that it knows": f"{known} of {len(words)}",
            "Strongest word": f"{words[strongest]}, {'spam' if weights[strongest] > 0 else 'no spam'}",
            "It multiplies the odds by": f"{np.exp(weights[strongest]):.3g}",
        },
        answer=f"It is spam with a chance of {percent(float(chances[-1]))}, going by {known} words that the filter knows.",
        source=bayes.SpamFilter.weight,
    )


def _spam_figure(words: list[str], chances: np.ndarray) -> go.Figure:
    steps = np.diff(chances)
    made = figure(
        go.Scatter(
            x=np.arange(len(chances)),
            y=chances,
            mode="lines+markers",
            line={"color": BLUE, "width": 1.5, "shape": "hv"},
            marker={"size": 9, "color": [AMBER, *(ORANGE if step > 0 else TEAL for step in steps)]},
            showlegend=False,
        ),
        *(
            go.Scatter(x=[None], y=[None], name=name, mode="markers", marker={"size": 9, "color": ink})
            for name, ink in (("towards spam", ORANGE), ("away from it", TEAL))
        ),
        y="chance of spam",
        height=420,
    )
    shown = [0, *range(1, len(words) + 1, max(1, len(words) // 16))]
    made.layout.xaxis.tickvals, made.layout.xaxis.ticktext = shown, [["before", *words][k] for k in shown]
    made.layout.xaxis.tickangle = -45
    made.layout.xaxis.automargin = True
    made.layout.yaxis.range = (-0.04, 1.04)
    return made


def experiment(watch: Watch) -> Experiment:
    """Return the experiment."""
    return Experiment(
        key="bayes",
        title="Bayes",
        week=2,
        benches=[
            Bench(
                key="signal",
                question="Is it a signal from space, or noise?",
                words="A telescope looks at one place again and again. A signal makes a peak likely, but noise makes "
                "one too; each look moves the chance by Bayes' rule.",
                controls=_signal_controls,
                show=_show_signal,
            ),
            Bench(
                key="spam",
                question="Is this message spam?",
                words="A naive Bayes filter reads it word by word. It learned from seventeen messages that were made "
                "up for it.",
                controls=_spam_controls,
                show=_show_spam,
            ),
        ],
        endpoints=[lab_signal, lab_spam],
    )
