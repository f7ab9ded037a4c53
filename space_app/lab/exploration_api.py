"""The endpoints of the Lab's bandit and of Q-learning on the frozen lake."""

from typing import TypedDict

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab import bandits
from spacehub.lab.bandits import Play, Strategy
from spacehub.lab.q_learning import Learning, Schedule, learn
from spacehub.lab.q_learning_lake import Lake, greedy, lake, success, value_iteration

MOST_PULLS, RUNS = 2000, 100


class Regret(TypedDict):
    """Mean regret over the runs, its standard error, and what is known of it."""

    strategy: str
    regret: float
    error: float
    runs: int
    best_share: float
    lai_robbins_per_log: float
    ucb1_bound: float


class Walked(TypedDict):
    """The chance to reach the goal within the limit: as learned, and the best that there is."""

    success: float
    best_success: float
    value: float
    best_value: float
    limit: int
    trips: int
    goals: int


def lab_bandit(
    chances: list[float],
    strategy: str = "Thompson",
    pulls: int = 1000,
    epsilon: float = 0.1,
    falling: bool = False,
    width: float = 2,
    seed: int = 1,
) -> Regret:
    """Play a bandit in 100 runs, and tell how much is lost against always pulling the best arm.

    Parameters
    ----------
    chances : list of float
        Of each arm to pay, from 2 to 20 of them.
    strategy : str
        One of: ε-greedy, UCB1, Thompson.
    pulls : int
        Of each run, from 2 to 2,000.
    epsilon : float
        Of ε-greedy: the chance to pull any arm.
    falling : bool
        Of ε-greedy: whether that chance falls as one over the pull, from `epsilon` at most.
    width : float
        Of UCB1: its bonus is sqrt(width ln t / n).
    seed : int
        Another seed, other luck.

    Returns
    -------
    Regret
        After the last pull, in payments; Lai and Robbins' slope against ln t; and the bound of UCB1's authors.
    """
    if not isinstance(chances, list) or not all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in chances
    ):
        raise SpaceHubError("The chances are no list of numbers.", "Give it as [0.6, 0.5, 0.4].")
    if not 2 <= pulls <= MOST_PULLS:
        raise SpaceHubError(f"{pulls:g} pulls are out of range.", f"Choose from 2 to {MOST_PULLS:,}.")
    played = play(chances, strategies(epsilon, falling, width, len(chances), strategy)[0], int(pulls), seed)
    return Regret(
        strategy=strategy,
        regret=float(played.mean[-1]),
        error=float(played.error[-1]),
        runs=RUNS,
        best_share=float(played.best[-1]),
        lai_robbins_per_log=bandits.lai_robbins(chances),
        ucb1_bound=bandits.ucb1_bound(chances, int(pulls)),
    )


def lab_frozen_lake(
    lake_map: str = "4 × 4",
    ice: str = "slippery",
    moves: int = 30_000,
    rate: float = 0.1,
    epsilon: float = 1,
    epsilon_end: float = 0.1,
    discount: float = 0.99,
    optimism: float = 0,
    seed: int = 1,
) -> Walked:
    """Learn by Q-learning to cross gymnasium's frozen lake, and compare with the best policy there is.

    Parameters
    ----------
    lake_map : str
        One of: 4 × 4, 8 × 8, random 6 × 6.
    ice : str
        One of: slippery, a little slippery, not slippery.
    moves : int
        To learn from, up to 1,000,000.
    rate : float
        How far a value moves towards what was seen, from 0 to 1; 0 lets it fall as visits to the power -0.7.
    epsilon : float
        Chance of a random move, at first.
    epsilon_end : float
        Chance of a random move, at last.
    discount : float
        What a reward is worth one move later, from 0 to 1.
    optimism : float
        What every move is thought to be worth at first, from 0 to 1.
    seed : int
        Another seed, another walk; the random map's, too.

    Returns
    -------
    Walked
        Exact chances of what was learned and of the best policy, and the worth of the start.
    """
    on, schedule = course(lake_map, ice, moves, rate or None, epsilon, epsilon_end, discount, optimism, seed)
    learning = learn(on, schedule, seed=int(seed))
    return Walked(
        success=success(on, greedy(learning.tables[-1]), on.limit),
        best_success=best_success(on),
        value=float(learning.tables[-1][on.start].max()),
        best_value=float(value_iteration(on, discount=discount)[0][on.start]),
        limit=on.limit,
        trips=len(learning.trips),
        goals=goals(learning),
    )


def strategies(epsilon: float, falling: bool, width: float, arms: int, *names: str) -> list[Strategy]:
    """Return strategies by name; a falling ε is that of five pulls for each arm, spread thinner and thinner."""
    return [
        Strategy(name=name, epsilon=epsilon, falling=5.0 * arms if falling else None, width=width)
        for name in names
    ]


def play(chances: list[float], strategy: Strategy, pulls: int, seed: int) -> Play:
    """Play in as many runs as the Lab does."""
    return bandits.play(chances, strategy, pulls=pulls, runs=RUNS, seed=int(seed))


def course(
    name: str,
    ice: str,
    moves: int,
    rate: float | None,
    epsilon: float,
    epsilon_end: float,
    discount: float,
    optimism: float,
    seed: int,
) -> tuple[Lake, Schedule]:
    """Return the lake and how it is learned."""
    if not 0 <= seed < 2**32:
        raise SpaceHubError(f"The seed is {seed:g}.", "Choose a whole number from 0 to 4,294,967,295.")
    return lake(name, ice, seed=int(seed)), Schedule(
        moves=int(moves),
        rate=rate,
        epsilon=epsilon,
        epsilon_end=epsilon_end,
        discount=discount,
        optimism=optimism,
    )


def best_success(on: Lake) -> float:
    """Return the best chance that any policy has to reach the goal within the limit."""
    return float(value_iteration(on, discount=1, sweeps=on.limit)[0][on.start])


def goals(learning: Learning) -> int:
    """Return how many of the trips reached the goal."""
    return sum(reached for _, reached in learning.trips)


def learned(on: Lake, learning: Learning) -> np.ndarray:
    """Return the exact chance to reach the goal by the greedy policy of each kept table."""
    return np.array([success(on, greedy(table), on.limit) for table in learning.tables])
