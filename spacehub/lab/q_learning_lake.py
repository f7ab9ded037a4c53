"""The frozen lake as numbers: gymnasium's transition table, its best policy by value iteration, a policy's worth."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from spacehub.errors import SpaceHubError

# Where an action leads on dry land, as gymnasium counts them.
ACTIONS = ("←", "↓", "→", "↑")
# Moves after which gymnasium (1.4, envs/__init__.py) ends a trip; the random map has none of its own.
MAPS = {"4 × 4": ("4x4", 100), "8 × 8": ("8x8", 200), "random 6 × 6": (None, 100)}
# Chance that a step goes where it was meant to; otherwise to one of the two sides.
ICE = {"slippery": 1 / 3, "a little slippery": 0.8, "not slippery": 1.0}


@dataclass(frozen=True, kw_only=True)
class Lake:
    """A lake of S tiles, row by row: start S, frozen F, hole H, goal G. Reaching the goal pays 1, nothing else does.

    Parameters
    ----------
    tiles : tuple of str
        A row each.
    outcomes : list of list of list of (float, int, float, bool)
        For each tile and action what may follow: its chance, the next tile, the reward, whether the trip is over.
    limit : int
        Moves after which a trip ends.
    """

    tiles: tuple[str, ...]
    outcomes: list
    limit: int

    @property
    def start(self) -> int:
        """The tile where a trip begins."""
        return "".join(self.tiles).index("S")

    @cached_property
    def tables(self) -> tuple[np.ndarray, np.ndarray]:
        """Chances (S, 4, S) to move on to a tile where the trip goes on, and mean rewards (S, 4)."""
        count = len(self.outcomes)
        onward, rewards = np.zeros((count, len(ACTIONS), count)), np.zeros((count, len(ACTIONS)))
        for tile, actions in enumerate(self.outcomes):
            for action, outcomes in enumerate(actions):
                for chance, following, reward, over in outcomes:
                    rewards[tile, action] += chance * reward
                    onward[tile, action, following] += chance * (not over)
        return onward, rewards


def lake(name: str = "4 × 4", ice: str = "slippery", *, seed: int = 0) -> Lake:
    """Return gymnasium's FrozenLake-v1.

    Parameters
    ----------
    name : str
        One of `MAPS`; the seed is of the random one, a tile of which is frozen with a chance of 0.8.
    ice : str
        One of `ICE`.

    Raises
    ------
    SpaceHubError
        When there is no such map or ice.
    """
    for what, given, known in ("map", name, MAPS), ("ice", ice, ICE):
        if given not in known:
            raise SpaceHubError(f"There is no {what} {given!r}.", f"Choose one of: {', '.join(known)}.")
    from gymnasium.envs.toy_text.frozen_lake import FrozenLakeEnv, generate_random_map

    known_as, limit = MAPS[name]
    tiles = None if known_as else generate_random_map(size=6, p=0.8, seed=int(seed))
    environment = FrozenLakeEnv(
        map_name=known_as, desc=tiles, success_rate=ICE[ice], is_slippery=ICE[ice] < 1
    )
    table = environment.P
    return Lake(
        tiles=tuple(b"".join(row).decode() for row in environment.desc),
        outcomes=[[table[tile][action] for action in range(len(ACTIONS))] for tile in range(len(table))],
        limit=limit,
    )


def value_iteration(
    on: Lake, *, discount: float, sweeps: int | None = None, tolerance: float = 1e-12
) -> tuple[np.ndarray, np.ndarray]:
    """Return the worth of each tile (S,) and of each action there (S, 4), acting as well as can be.

    ``v(s) = max over a of sum over s' of p(s'|s,a) (r + discount v(s'))``, again and again (Bellman 1957; Sutton &
    Barto, 2nd ed., 4.4). With a discount of 1, v after k sweeps is the best chance to reach the goal within k moves.

    Parameters
    ----------
    discount : float
        From 0 to 1: what a reward is worth one move later.
    sweeps : int or None
        How many; None goes on until no value moves by more than the tolerance.
    """
    check_discount(discount)
    onward, rewards = on.tables
    values, done = np.zeros(len(rewards)), 0
    while True:
        actions = rewards + discount * onward @ values
        best = actions.max(axis=1)
        moved, values, done = np.abs(best - values).max(), best, done + 1
        if done == sweeps or (sweeps is None and moved <= tolerance):
            return values, actions


def greedy(actions: np.ndarray) -> np.ndarray:
    """Return the policy (S, 4) that takes the best action, and any of them alike when several are as good."""
    best = actions >= actions.max(axis=1, keepdims=True) - 1e-12
    return best / best.sum(axis=1, keepdims=True)


def success(on: Lake, policy: np.ndarray, moves: int) -> float:
    """Return the exact chance that a policy (S, 4) gets from the start to the goal within so many moves."""
    onward, rewards = on.tables
    step, paid = np.einsum("sa,sat->st", policy, onward), (policy * rewards).sum(axis=1)
    chance = np.zeros(len(paid))
    for _ in range(moves):
        chance = paid + step @ chance
    return float(chance[on.start])


def check_discount(discount: float) -> None:
    """Refuse a discount that lets worth grow with time."""
    if not 0 <= discount <= 1:
        raise SpaceHubError(f"The discount is {discount:g}.", "Choose one from 0 to 1.")
