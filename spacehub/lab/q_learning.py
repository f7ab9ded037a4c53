"""Tabular Q-learning: a table of action values, learned move by move."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.q_learning_lake import ACTIONS, Lake, check_discount

MOST_MOVES, KEPT = 1_000_000, 25
# The exponent with which a non-constant rate falls with the visits. Q-learning converges if the exponent is above 1/2
# and up to 1, and it does so in reasonable time below 1 (Even-Dar & Mansour, "Learning rates for Q-learning", JMLR 2003).
FALLS = 0.7


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The learning schedule.

    Parameters
    ----------
    moves : int
        The total number of moves, over consecutive episodes.
    rate : float or None
        How far a value moves towards its new estimate; None means ``visits ** -0.7`` for the tile and action.
    epsilon, epsilon_end : float
        The probability of a random action at the first and the last move; it changes linearly in between.
    discount : float
        The present value of a reward of 1 received one move later.
    optimism : float
        The initial value of every action.
    """

    moves: int
    rate: float | None = None
    epsilon: float = 1.0
    epsilon_end: float = 0.1
    discount: float = 0.99
    optimism: float = 0.0

    def check(self) -> None:
        """Check that the schedule is valid."""
        if not 1 <= self.moves <= MOST_MOVES:
            raise SpaceHubError(
                f"The number of moves ({self.moves:,}) is out of range.",
                f"Choose a whole number from 1 to {MOST_MOVES:,}.",
            )
        if self.rate is not None and not 0 < self.rate <= 1:
            raise SpaceHubError(
                f"The learning rate ({self.rate:g}) is out of range.",
                "Choose a value above 0 and at most 1.",
            )
        if not (0 <= self.epsilon <= 1 and 0 <= self.epsilon_end <= 1):
            raise SpaceHubError(
                f"The exploration probability ε must stay between 0 and 1, but it goes from {self.epsilon:g} to "
                f"{self.epsilon_end:g}.",
                "Choose probabilities from 0 to 1.",
            )
        if not 0 <= self.optimism <= 1:
            raise SpaceHubError(
                f"The initial value of an action ({self.optimism:g}) is out of range.",
                "Choose a value from 0 to 1, because no reward is larger than 1.",
            )
        check_discount(self.discount)


@dataclass(frozen=True, kw_only=True)
class Learning:
    """The learned tables and the episodes.

    Parameters
    ----------
    moves : array of int, (kept,)
        The numbers of moves after which the tables were stored, including 0 and the total.
    tables : array, (kept, S, 4)
        The estimated value of each action.
    trips : list of (int, bool)
        For each finished episode, its last move and whether it reached the goal.
    """

    moves: np.ndarray
    tables: np.ndarray
    trips: list[tuple[int, bool]]


def learn(on: Lake, schedule: Schedule, *, seed: int) -> Learning:
    """Walk on the lake and learn from every move (Watkins 1989; Watkins & Dayan 1992, doi:10.1007/BF00992698).

    ``Q(s,a) += rate (r + discount max over b of Q(s',b) - Q(s,a))``. The end of an episode has no further value, but
    an episode that only ran out of moves might have continued. Ties between actions are broken at random.

    Raises
    ------
    SpaceHubError
        If the schedule is invalid.
    """
    schedule.check()
    draw = np.random.default_rng(seed)
    # Plain lists: for single numbers they are faster than arrays.
    luck = draw.random((schedule.moves, 3)).tolist()
    epsilons = np.linspace(schedule.epsilon, schedule.epsilon_end, schedule.moves).tolist()
    table = [
        # The end of an episode has value zero, which is known.
        [0.0 if mark in "GH" else schedule.optimism] * len(ACTIONS)
        for mark in "".join(on.tiles)
    ]
    visits = [[0] * len(ACTIONS) for _ in table]
    wanted = np.unique(np.linspace(0, schedule.moves, KEPT).round().astype(int))
    keep, kept, trips, rate = set(wanted.tolist()), [np.array(table)], [], schedule.rate
    discount, tile, gone = schedule.discount, on.start, 0
    for move, ((explore, pick, chance), epsilon) in enumerate(zip(luck, epsilons, strict=True), 1):
        worth = table[tile]
        if explore < epsilon:
            action = int(pick * len(worth))
        else:
            best = max(worth)
            if worth.count(best) == 1:
                action = worth.index(best)
            else:
                equal = [action for action, value in enumerate(worth) if value == best]
                action = equal[int(pick * len(equal))]
        for likely, following, reward, over in on.outcomes[tile][action]:  # noqa: B007
            chance -= likely
            if chance < 0:
                break
        seen = reward if over else reward + discount * max(table[following])
        visits[tile][action] += 1
        step = visits[tile][action] ** -FALLS if rate is None else rate
        worth[action] += step * (seen - worth[action])
        tile, gone = following, gone + 1
        if over or gone == on.limit:
            trips.append((move, reward > 0))
            tile, gone = on.start, 0
        if move in keep:
            kept.append(np.array(table))
    return Learning(moves=wanted, tables=np.stack(kept), trips=trips)
