"""Bandits: several arms that pay with unknown probabilities, strategies for choosing among them, and their regret."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError

STRATEGIES = ("ε-greedy", "UCB1", "Thompson")
MOST_ARMS, MOST_PULLS, MOST_RUNS = 20, 10_000, 1000
# The largest number of pulls per call, over all runs.
MOST_ALL = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """A strategy for choosing the next arm.

    Parameters
    ----------
    name : str
        One of `STRATEGIES`.
    epsilon : float
        For ε-greedy: the probability of pulling a random arm.
    falling : float or None
        For ε-greedy: if given, the probability falls as ``falling / pull``, and `epsilon` is its maximum.
    width : float
        For UCB1: the width of the bonus. The authors of UCB1 use 2.
    """

    name: str
    epsilon: float = 0.1
    falling: float | None = None
    width: float = 2.0

    def epsilon_at(self, pull: int) -> float:
        """Return the probability of exploring at a pull, counted from 1."""
        return self.epsilon if self.falling is None else min(self.epsilon, self.falling / pull)


@dataclass(frozen=True, kw_only=True)
class Play:
    """The results of many runs of one strategy.

    Parameters
    ----------
    regret : array, (runs, pulls)
        The loss of each run up to each pull, compared with always pulling the best arm: the sum of the gaps in
        probability.
    counts : array of int, (runs, arms)
        How often each arm was pulled.
    best : array, (pulls,)
        The fraction of runs that pulled a best arm.
    """

    regret: np.ndarray
    counts: np.ndarray
    best: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """The mean regret after each pull."""
        return self.regret.mean(axis=0)

    @property
    def error(self) -> np.ndarray:
        """The standard error of the mean."""
        return self.regret.std(axis=0, ddof=1) / math.sqrt(len(self.regret))


def play(chances: Sequence[float], strategy: Strategy, *, pulls: int, runs: int, seed: int) -> Play:
    """Play a bandit whose arms pay 1 with their probability, otherwise 0, in many runs at once.

    ε-greedy pulls the arm with the best mean so far, or with a given probability any arm (Sutton & Barto, *Reinforcement
    Learning*, 2nd ed., 2.2). An untried arm counts as certain to pay. UCB1 first pulls each arm once, then the arm
    with the largest ``mean + sqrt(width ln t / n)`` (Auer, Cesa-Bianchi & Fischer 2002). Thompson sampling draws a
    probability for each arm from its posterior, Beta(1 + paid, 1 + not paid), and pulls the largest (Thompson 1933).
    Ties are broken at random.

    Parameters
    ----------
    chances : sequence of float, (arms,)
        The probability that each arm pays.

    Raises
    ------
    SpaceHubError
        If a probability is invalid, or there are too many arms, pulls or runs.
    """
    chances = check(chances, strategy, pulls, runs)
    draw, arms, rows = np.random.default_rng(seed), len(chances), np.arange(runs)
    gaps = chances.max() - chances
    counts, paid = np.zeros((2, runs, arms))
    pulled = np.empty((pulls, runs), dtype=np.int8)
    for pull in range(pulls):
        if strategy.name == "Thompson":
            scores = draw.beta(1 + paid, 1 + counts - paid)
        else:
            scores = _scores(strategy, counts, paid, pull + 1)
            # Far smaller than any true difference between two scores, larger than their rounding.
            scores += 1e-9 * draw.random((runs, arms))
        arm = scores.argmax(axis=1)
        if strategy.name == "ε-greedy":
            explores = draw.random(runs) < strategy.epsilon_at(pull + 1)
            arm = np.where(explores, draw.integers(0, arms, runs), arm)
        counts[rows, arm] += 1
        paid[rows, arm] += draw.random(runs) < chances[arm]
        pulled[pull] = arm
    lost = gaps[pulled]
    return Play(
        regret=np.cumsum(lost, axis=0).T,
        counts=counts.astype(int),
        best=(lost == 0).mean(axis=1),
    )


def _scores(strategy: Strategy, counts: np.ndarray, paid: np.ndarray, pull: int) -> np.ndarray:
    """Return the scores of the arms, (runs, arms), before ties are broken."""
    tried = np.maximum(counts, 1)
    if strategy.name == "ε-greedy":
        return np.where(counts, paid / tried, 1.0)
    # ln t of the pulls so far. An arm that was never pulled comes first, because its bonus is larger than any other.
    bonus = np.sqrt(strategy.width * math.log(max(pull - 1, 1)) / tried)
    return np.where(counts, paid / tried + bonus, 1000.0)


def lai_robbins(chances: Sequence[float]) -> float:
    """Return the lower bound on the regret per ln t, for large t, of any strategy that is good on every bandit.

    The bound is the sum over the worse arms of ``gap / KL(arm, best)``; KL is the relative entropy of the two
    probabilities (Lai & Robbins 1985, doi:10.1016/0196-8858(85)90002-8).
    """
    chances = np.asarray(chances, dtype=float)
    best = chances.max()
    return float(sum((best - p) / relative_entropy(p, best) for p in chances if p < best))


def relative_entropy(p: float, q: float) -> float:
    """Return ``p ln(p/q) + (1-p) ln((1-p)/(1-q))`` in nats: how fast draws with probability p rule out the probability q."""
    if q in (0, 1):
        return 0.0 if p == q else math.inf
    terms = ((p, q), (1 - p, 1 - q))
    return sum(a * math.log(a / b) for a, b in terms if a > 0)


def ucb1_bound(chances: Sequence[float], pulls: int) -> float:
    """Return the upper bound on UCB1's mean regret: ``8 sum(ln t / gap) + (1 + pi²/3) sum(gap)``.

    Auer, Cesa-Bianchi & Fischer 2002, "Finite-time analysis of the multiarmed bandit problem", theorem 1.
    """
    gaps = max(chances) - np.asarray(chances, dtype=float)
    worse = gaps[gaps > 0]
    return float(8 * math.log(pulls) * (1 / worse).sum() + (1 + math.pi**2 / 3) * worse.sum())


def check(chances: Sequence[float], strategy: Strategy, pulls: int, runs: int) -> np.ndarray:
    """Return the probabilities as an array, or raise an error if they cannot be played."""
    if strategy.name not in STRATEGIES:
        raise SpaceHubError(
            f"Unknown strategy: {strategy.name!r}.", f"Choose one of: {', '.join(STRATEGIES)}."
        )
    if not 0 <= strategy.epsilon <= 1 or not 0 <= (strategy.falling or 0) <= 1e6:
        raise SpaceHubError(
            f"The exploration probability ε ({strategy.epsilon:g}) is out of range.",
            "Choose a probability from 0 to 1.",
        )
    if not 0 <= strategy.width <= 100:
        raise SpaceHubError(
            f"The width of UCB's bonus ({strategy.width:g}) is out of range.", "Choose a value from 0 to 100."
        )
    chances = np.asarray(chances, dtype=float)
    if not 2 <= len(chances) <= MOST_ARMS or not ((chances >= 0) & (chances <= 1)).all():
        raise SpaceHubError(
            f"These probabilities for {len(chances)} arms are not valid.",
            f"Enter 2 to {MOST_ARMS} probabilities from 0 to 1.",
        )
    if not 1 <= pulls <= MOST_PULLS or not 2 <= runs <= MOST_RUNS or pulls * runs > MOST_ALL:
        raise SpaceHubError(
            f"The number of runs ({runs:,}) or the number of pulls ({pulls:,}) is out of range.",
            f"Choose 2 to {MOST_RUNS:,} runs of 1 to {MOST_PULLS:,} pulls each, with at most {MOST_ALL:,} pulls in total.",
        )
    return chances
