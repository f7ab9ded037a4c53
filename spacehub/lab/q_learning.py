"""Tabular Q-learning: a table of what each action is worth, learned from one move after another."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.q_learning_lake import ACTIONS, Lake, check_discount

MOST_MOVES, KEPT = 1_000_000, 25
# With what power of its visits a rate falls that is not constant: above 1/2 and up to 1, Q-learning converges, and
# below 1 it does so in good time (Even-Dar & Mansour, "Learning rates for Q-learning", JMLR 2003).
FALLS = 0.7


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How to learn.

    Parameters
    ----------
    moves : int
        In all; trips follow one another.
    rate : float or None
        How far a value moves towards what was seen; None is ``visits ** -0.7`` of that tile and action.
    epsilon, epsilon_end : float
        Chance to take any action at random, at the first move and at the last; in between it falls evenly.
    discount : float
        What a reward is worth one move later.
    optimism : float
        What every action is thought to be worth before it has been tried.
    """

    moves: int
    rate: float | None = None
    epsilon: float = 1.0
    epsilon_end: float = 0.1
    discount: float = 0.99
    optimism: float = 0.0

    def check(self) -> None:
        """Refuse what cannot be learned by."""
        if not 1 <= self.moves <= MOST_MOVES:
            raise SpaceHubError(
                f"{self.moves:,} moves are out of range.", f"Choose from 1 to {MOST_MOVES:,}."
            )
        if self.rate is not None and not 0 < self.rate <= 1:
            raise SpaceHubError(f"The learning rate is {self.rate:g}.", "Choose one above 0, up to 1.")
        if not (0 <= self.epsilon <= 1 and 0 <= self.epsilon_end <= 1):
            raise SpaceHubError(
                f"ε goes from {self.epsilon:g} to {self.epsilon_end:g}.", "Choose chances from 0 to 1."
            )
        if not 0 <= self.optimism <= 1:
            raise SpaceHubError(
                f"An action is thought to be worth {self.optimism:g}.",
                "Choose from 0 to 1: more is never paid.",
            )
        check_discount(self.discount)


@dataclass(frozen=True, kw_only=True)
class Learning:
    """What was learned, and how.

    Parameters
    ----------
    moves : array of int, (kept,)
        After how many moves the tables are, none and all among them.
    tables : array, (kept, S, 4)
        What each action was thought to be worth.
    trips : list of (int, bool)
        For each trip that ended its last move, and whether it reached the goal.
    """

    moves: np.ndarray
    tables: np.ndarray
    trips: list[tuple[int, bool]]


def learn(on: Lake, schedule: Schedule, *, seed: int) -> Learning:
    """Walk the lake and learn from every move (Watkins 1989; Watkins & Dayan 1992, doi:10.1007/BF00992698).

    ``Q(s,a) += rate (r + discount max over b of Q(s',b) - Q(s,a))``; nothing is to be had after the end of a trip,
    but a trip that only ran out of moves might have gone on. Equal actions are chosen among at random.

    Raises
    ------
    SpaceHubError
        When the schedule makes no sense.
    """
    schedule.check()
    draw = np.random.default_rng(seed)
    # Plain lists: for one number at a time they are quicker than arrays.
    luck = draw.random((schedule.moves, 3)).tolist()
    epsilons = np.linspace(schedule.epsilon, schedule.epsilon_end, schedule.moves).tolist()
    table = [
        # The end of a trip is worth nothing, and that is known.
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
