"""Bayes' rule, one observation at a time: a signal from space or noise, and a spam filter that goes word by word."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.chance import check_chance

WORD = re.compile(r"[a-z']+")


def update(prior: float, likelihood: float, likelihood_otherwise: float) -> float:
    """Return the probability of a hypothesis after one observation (Bayes 1763).

    ``P(H|o) = P(o|H) P(H) / (P(o|H) P(H) + P(o|not H) P(not H))``

    Parameters
    ----------
    prior : float
        The prior probability of the hypothesis.
    likelihood, likelihood_otherwise : float
        The probability of the observation if the hypothesis is true, and if it is false.

    Raises
    ------
    SpaceHubError
        If an argument is not a probability, or the observation is impossible under both hypotheses.
    """
    for name, chance in (
        ("The prior", prior),
        ("A likelihood", likelihood),
        ("A likelihood", likelihood_otherwise),
    ):
        check_chance(name, chance)
    true, false = likelihood * prior, likelihood_otherwise * (1 - prior)
    if true + false == 0:
        raise SpaceHubError(
            "The observation has a probability of 0 under both hypotheses.",
            "Enter a probability above 0 for at least one hypothesis.",
        )
    return true / (true + false)


def follow(prior: float, seen: Iterable[bool], if_true: float, if_false: float) -> np.ndarray:
    """Return the probability of a signal before the first observation and after each one, shape (observations + 1,).

    Parameters
    ----------
    prior : float
        The prior probability of a signal.
    seen : iterable of bool
        For each observation, whether it showed a peak.
    if_true, if_false : float
        The probability of a peak if there is a signal, and if there is only noise.
    """
    chances = [prior]
    for peak in seen:
        true, false = (if_true, if_false) if peak else (1 - if_true, 1 - if_false)
        chances.append(update(chances[-1], true, false))
    return np.array(chances)


# Invented messages; nobody sent them.
SPAM = (
    "win a free trip to the moon today",
    "cheap rocket fuel click now and win",
    "you have won a free star with your name",
    "limited offer buy land on mars now",
    "click here to claim your free satellite",
    "make money fast with moon shares",
    "cheap tickets to orbit buy now",
    "urgent offer claim your prize today",
)
HAM = (
    "the launch moved to tuesday because of wind",
    "telemetry of the second stage looks good",
    "please review the orbit plan before the meeting",
    "the satellite reached its orbit today",
    "new images of the moon are on the server",
    "the antenna test is on tuesday at noon",
    "fuel pressure was nominal during the launch",
    "your report on the mars rover is due on friday",
    "meeting about the star catalogue at noon",
)


@dataclass(frozen=True, kw_only=True)
class SpamFilter:
    """Naive Bayes over words, with Laplace's `smoothing` added to each word's count."""

    spam: Counter
    ham: Counter
    prior: float
    smoothing: float

    @property
    def words(self) -> frozenset[str]:
        """All words in the training messages."""
        return frozenset(self.spam) | frozenset(self.ham)

    def weight(self, word: str) -> float:
        """Return the log odds that a word adds for spam; an unknown word adds nothing."""
        if word not in self.words:
            return 0.0
        room = self.smoothing * len(self.words)
        in_spam = (self.spam[word] + self.smoothing) / (self.spam.total() + room)
        in_ham = (self.ham[word] + self.smoothing) / (self.ham.total() + room)
        return math.log(in_spam) - math.log(in_ham)

    def follow(self, message: str) -> tuple[list[str], np.ndarray]:
        """Return a message's words, and the probability of spam before and after each, shape (words + 1,)."""
        words = WORD.findall(message.lower())
        odds = np.cumsum([math.log(self.prior / (1 - self.prior)), *(self.weight(word) for word in words)])
        # Written so that large odds of either sign do not overflow.
        return words, np.where(odds > 0, 1 / (1 + np.exp(-np.abs(odds))), 1 - 1 / (1 + np.exp(-np.abs(odds))))


def learn(spam: Sequence[str] = SPAM, ham: Sequence[str] = HAM, *, smoothing: float = 1.0) -> SpamFilter:
    """Count the words of spam messages and of other messages.

    Raises
    ------
    SpaceHubError
        If the smoothing is not above zero: a word that occurs in only one class would then decide alone.
    """
    if not 0 < smoothing <= 100:
        raise SpaceHubError(
            f"The smoothing ({smoothing:g}) is out of range.",
            "Choose a value above 0 and at most 100. Without smoothing, a word that occurs in only one class would decide the answer on its own.",
        )
    counts = [Counter(word for message in side for word in WORD.findall(message)) for side in (spam, ham)]
    return SpamFilter(
        spam=counts[0], ham=counts[1], prior=len(spam) / (len(spam) + len(ham)), smoothing=smoothing
    )
