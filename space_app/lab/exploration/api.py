"""Endpoints of the Exploration experiment: a multi-armed bandit and Q-learning on the frozen lake."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.parameters import Choice, Flag, List, Number, integer
from spacehub.lab import bandits
from spacehub.lab.bandits import STRATEGIES, Play, Strategy
from spacehub.lab.q_learning import Learning, Schedule, learn
from spacehub.lab.q_learning_lake import ICE, MAPS, Lake, greedy, lake, success, value_iteration

RUNS = 100

LuckSeed = Annotated[
    int, integer(0, 10_000, step=1, label="Seed", help="A different seed gives different random numbers.")
]


class Regret(TypedDict):
    """The mean regret over the runs, its standard error, and the known bounds."""

    strategy: str
    regret: float
    error: float
    runs: int
    best_share: float
    lai_robbins_per_log: float
    ucb1_bound: float


class Walked(TypedDict):
    """The probability of reaching the goal within the limit, for the learned policy and for the optimal policy."""

    success: float
    best_success: float
    value: float
    best_value: float
    limit: int
    trips: int
    goals: int


def lab_bandit(
    chances: Annotated[
        list[float],
        List(
            Number(0, 1, label="Probability"),
            2,
            20,
            label="Probabilities",
            help="The reward probability of each arm.",
        ),
    ],
    strategy: Annotated[str, Choice(list(STRATEGIES), label="Strategy")] = "Thompson",
    pulls: Annotated[int, integer(50, 2000, step=50, label="Messages")] = 1000,
    epsilon: Annotated[
        float,
        Number(
            0,
            1,
            step=0.01,
            label="ε",
            help="The probability that the ε-greedy strategy picks a random channel.",
        ),
    ] = 0.1,
    falling: Annotated[bool, Flag(label="ε is inversely proportional to the message number")] = False,
    width: Annotated[
        float,
        Number(
            0,
            4,
            step=0.1,
            label="Width of UCB's bonus",
            help="The bonus is √(width ln t / n) after t messages, of which n were on this channel. The authors "
            "of UCB1 use a width of 2.",
        ),
    ] = 2,
    seed: LuckSeed = 1,
) -> Regret:
    """Play a bandit in 100 runs, and return the loss compared with always pulling the best arm.

    Returns
    -------
    Regret
        The regret after the last pull, in payments; the slope of Lai and Robbins' lower bound against ln t;
        and the upper bound of UCB1's authors.
    """
    played = play(chances, strategies(epsilon, falling, width, len(chances), strategy)[0], pulls, seed)
    return Regret(
        strategy=strategy,
        regret=float(played.mean[-1]),
        error=float(played.error[-1]),
        runs=RUNS,
        best_share=float(played.best[-1]),
        lai_robbins_per_log=bandits.lai_robbins(chances),
        ucb1_bound=bandits.ucb1_bound(chances, pulls),
    )


def lab_frozen_lake(
    lake_map: Annotated[str, Choice(list(MAPS), label="Map")] = "4 × 4",
    ice: Annotated[
        str,
        Choice(
            list(ICE),
            label="Ice",
            help="On slippery ice, only one move in three goes in the intended direction.",
        ),
    ] = "slippery",
    moves: Annotated[int, integer(1000, 100_000, step=1000, label="Training moves")] = 30_000,
    rate: Annotated[
        float,
        Number(
            0,
            1,
            step=0.01,
            label="Learning rate",
            help="If you choose 0, the learning rate decays as N^−0.7, where N is the number of visits to the state-action pair.",
        ),
    ] = 0.1,
    epsilon: Annotated[
        float, Number(0, 1, step=0.01, label="First ε", help="The probability of a random move.")
    ] = 1,
    epsilon_end: Annotated[float, Number(0, 1, step=0.01, label="Last ε")] = 0.1,
    discount: Annotated[float, Number(0, 1, step=0.01, label="Discount factor")] = 0.99,
    optimism: Annotated[
        float, Number(0, 1, step=0.05, label="Optimism", help="The initial Q value of each action.")
    ] = 0,
    seed: LuckSeed = 1,
) -> Walked:
    """Use Q-learning to cross Gymnasium's frozen lake, and compare the result with the optimal policy.

    Returns
    -------
    Walked
        The exact success probabilities of the learned policy and the optimal policy, and the value of the start tile.
    """
    on, schedule = course(lake_map, ice, moves, rate or None, epsilon, epsilon_end, discount, optimism, seed)
    learning = learn(on, schedule, seed=seed)
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
    """Return the strategies by name.

    A decreasing ε is at most five times the number of arms divided by the pull number.
    """
    return [
        Strategy(name=name, epsilon=epsilon, falling=5.0 * arms if falling else None, width=width)
        for name in names
    ]


def play(chances: list[float], strategy: Strategy, pulls: int, seed: int) -> Play:
    """Play a bandit for as many runs as the Lab shows."""
    return bandits.play(chances, strategy, pulls=pulls, runs=RUNS, seed=seed)


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
    """Return the lake and the learning schedule."""
    return lake(name, ice, seed=seed), Schedule(
        moves=moves,
        rate=rate,
        epsilon=epsilon,
        epsilon_end=epsilon_end,
        discount=discount,
        optimism=optimism,
    )


def best_success(on: Lake) -> float:
    """Return the best possible probability of reaching the goal within the limit."""
    return float(value_iteration(on, discount=1, sweeps=on.limit)[0][on.start])


def goals(learning: Learning) -> int:
    """Return the number of episodes that reached the goal."""
    return sum(reached for _, reached in learning.trips)


def learned(on: Lake, learning: Learning) -> np.ndarray:
    """Return the exact probability of reaching the goal with the greedy policy of each saved Q-table."""
    return np.array([success(on, greedy(table), on.limit) for table in learning.tables])
