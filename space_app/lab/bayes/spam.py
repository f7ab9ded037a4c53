"""The spam filter experiment, which scores a message word by word."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.bayes import figures
from space_app.lab.frame import Bench, View
from space_app.parameters import Number, Text
from spacehub.errors import SpaceHubError
from spacehub.lab import bayes
from spacehub.serving.words import percent


class Judged(TypedDict):
    """The probability of spam before and after each word is read, and each word's contribution in log odds."""

    words: list[str]
    chances: list[float]
    weights: list[float]
    spam: float


def lab_spam(
    message: Annotated[
        str,
        Text(
            500,
            label="Message",
            help="The message must be in English. On the page, press Enter to classify the message.",
        ),
    ] = "Claim your free trip to the Moon now",
    smoothing: Annotated[
        float,
        Number(
            0.05,
            10,
            step=0.05,
            label="Laplace smoothing",
            help="The number that is added to the count of each word.",
        ),
    ] = 1,
) -> Judged:
    """Classify a message word by word, using naive Bayes trained on a few invented messages.

    Returns
    -------
    Judged
        The probability of spam before the first word and after each word.
    """
    words, chances, weights = _judge(message, smoothing)
    return Judged(words=words, chances=chances.tolist(), weights=weights, spam=float(chances[-1]))


def view(message: str, smoothing: float) -> View:
    """Show how each word changes the probability of spam."""
    words, chances, weights = _judge(message, smoothing)
    known = sum(word in bayes.learn(smoothing=smoothing).words for word in words)
    strongest = int(np.abs(weights).argmax())
    return View(
        figures=[figures.words(words, chances)],
        numbers={
            "Training messages, invented": f"{len(bayes.SPAM)} spam, {len(bayes.HAM)} others",
            "Known words": f"{known} of {len(words)}",
            "Strongest word": f"{words[strongest]}, {'spam' if weights[strongest] > 0 else 'no spam'}",
            "Likelihood ratio of the strongest word": f"{np.exp(weights[strongest]):.3g}",
        },
        answer=f"The probability of spam is {percent(float(chances[-1]))}, "
        f"based on {known} word{'' if known == 1 else 's'} that the filter knows.",
        source=bayes.SpamFilter.weight,
    )


def _judge(message: str, smoothing: float) -> tuple[list[str], np.ndarray, list[float]]:
    if not bayes.WORD.search(message.lower()):
        raise SpaceHubError(
            "The message contains no words.", "Write at least one word with letters from a to z."
        )
    learned = bayes.learn(smoothing=smoothing)
    words, chances = learned.follow(message)
    return words, chances, [learned.weight(word) for word in words]


BENCH = Bench(
    key="spam",
    question="Is this message spam?",
    words="A naive Bayes filter, trained on seventeen invented messages, reads the message word by word.",
    endpoint=lab_spam,
    view=view,
)
