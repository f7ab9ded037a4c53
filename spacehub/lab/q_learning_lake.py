"""The frozen lake: Gymnasium's transition table, the best policy by value iteration, and the value of a policy."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from spacehub.errors import SpaceHubError

# Where an action leads on dry land, in gymnasium's numbering.
ACTIONS = ("←", "↓", "→", "↑")
# Moves after which gymnasium (1.4, envs/__init__.py) ends an episode; the random map has no limit of its own.
MAPS = {"4 × 4": ("4x4", 100), "8 × 8": ("8x8", 200), "random 6 × 6": (None, 100)}
# Probability that a step goes in the intended direction; otherwise, it goes to one of the two sides.
ICE = {"slippery": 1 / 3, "a little slippery": 0.8, "not slippery": 1.0}


@dataclass(frozen=True, kw_only=True)
class Lake:
    """A lake of S tiles, row by row: start S, frozen F, hole H, goal G. Reaching the goal pays 1, anything else 0.

    Parameters
    ----------
    tiles : tuple of str
        One string per row.
    outcomes : list of list of list of (float, int, float, bool)
        For each tile and action, the possible outcomes: probability, next tile, reward, whether the episode is over.
    limit : int
        Moves after which an episode ends.
    """

    tiles: tuple[str, ...]
    outcomes: list
    limit: int

    @property
    def start(self) -> int:
        """The tile where an episode starts."""
        return "".join(self.tiles).index("S")

    @cached_property
    def tables(self) -> tuple[np.ndarray, np.ndarray]:
        """The probabilities (S, 4, S) of moving to a tile where the episode continues, and the mean rewards (S, 4)."""
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
        One of `MAPS`. The seed is for the random map, whose tiles are frozen with a probability of 0.8.
    ice : str
        One of `ICE`.

    Raises
    ------
    SpaceHubError
        If there is no such map or ice.
    """
    for what, given, known in ("map", name, MAPS), ("ice", ice, ICE):
        if given not in known:
            raise SpaceHubError(
                f"The {what} {given!r} does not exist.", f"Choose one of: {', '.join(known)}."
            )
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
    """Return the value of each tile (S,) and of each action there (S, 4) under the best policy.

    Repeat ``v(s) = max over a of sum over s' of p(s'|s,a) (r + discount v(s'))`` (Bellman 1957; Sutton &
    Barto, 2nd ed., 4.4). With a discount of 1, v after k sweeps is the best probability of reaching the goal within k moves.

    Parameters
    ----------
    discount : float
        From 0 to 1: the present value of a reward of 1 received one move later.
    sweeps : int or None
        The number of sweeps; None continues until no value moves by more than the tolerance.
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
    """Return the policy (S, 4) that takes the best action, with equal probabilities if several are equally good."""
    best = actions >= actions.max(axis=1, keepdims=True) - 1e-12
    return best / best.sum(axis=1, keepdims=True)


def success(on: Lake, policy: np.ndarray, moves: int) -> float:
    """Return the exact probability that a policy (S, 4) reaches the goal from the start within this many moves."""
    onward, rewards = on.tables
    step, paid = np.einsum("sa,sat->st", policy, onward), (policy * rewards).sum(axis=1)
    chance = np.zeros(len(paid))
    for _ in range(moves):
        chance = paid + step @ chance
    return float(chance[on.start])


def check_discount(discount: float) -> None:
    """Reject a discount that lets values grow over time."""
    if not 0 <= discount <= 1:
        raise SpaceHubError(
            f"The discount factor ({discount:g}) is out of range.", "Choose a value from 0 to 1."
        )
