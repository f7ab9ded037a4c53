"""One flight of Gymnasium's lunar lander, step by step or at once, and how it ended.

The same seed and conditions give every agent the same terrain, the same push at the start, the same wind
and the same engine noise. The environment draws the wind's two positions in its pattern at the
reset. At every step, it draws two numbers for the noise, whatever the engines do.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from gymnasium.envs.box2d.lunar_lander import LunarLander

from spacehub.serving.lander.conditions import Conditions, check_seed

# The step limit with which LunarLander-v3 is registered.
MOST_STEPS = 1000
MAIN_COST, SIDE_COST = 0.30, 0.03
OUTCOMES = ("landed", "off the pad", "crashed", "flew off", "ran out of time")

Agent = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Flight:
    """A flight of T steps, 50 per second.

    Attributes
    ----------
    observation : numpy.ndarray
        Shape (T + 1, 8), float32, as the environment scales it; `telemetry` converts it to metres and
        degrees.
    action : numpy.ndarray
        Shape (T,), int64: 0 nothing, 1 left engine, 2 main engine, 3 right engine. Continuous: (T, 2),
        float32, main and side throttle.
    reward : numpy.ndarray
        Shape (T,), float64.
    legs : numpy.ndarray
        Shape (T + 1, 2, 3), float32: x and y in the environment's metres and angle in radians of each leg.
    terrain : numpy.ndarray
        Shape (11, 2), float32: x and y of the ground in the environment's metres.
    outcome : str
        One of `OUTCOMES`. *landed*: at rest (Box2D has put it to sleep), both legs touch the ground, and
        the middle of the lander is between the flags. *off the pad*: at rest in another place or
        position. *crashed*: its body touched the ground. *flew off*: it left the frame sideways. *ran
        out of time*: still awake after 1,000 steps.
    """

    seed: int
    conditions: Conditions
    observation: np.ndarray
    action: np.ndarray
    reward: np.ndarray
    legs: np.ndarray
    terrain: np.ndarray
    outcome: str

    @property
    def landed(self) -> bool:
        """Whether it is between the flags, on both legs and at rest."""
        return self.outcome == "landed"

    @property
    def steps(self) -> int:
        """The number of steps."""
        return len(self.reward)

    @property
    def total_reward(self) -> float:
        """Sum of the rewards."""
        return float(sum(self.reward.tolist()))

    @property
    def fuel(self) -> float:
        """The penalty for firing the engines, in points of reward: see `fuel_cost`."""
        return float(fuel_cost(self.action).sum())


def fuel_cost(action: np.ndarray) -> np.ndarray:
    """Return the penalty for firing the engines in each step, in points of reward, shape (T,).

    A step of the main engine costs 0.30 times its power, and a step of a side engine 0.03 times its
    power; the power is 1 for a discrete action. The power of the continuous main engine is
    (throttle + 1) / 2 if its throttle is above 0. The power of a side engine is its throttle if the throttle
    is beyond 0.5 (Gymnasium 1.4, lunar_lander.py, `step`).
    """
    if action.ndim == 1:
        return np.where(action == 2, MAIN_COST, np.where(action == 0, 0.0, SIDE_COST))
    throttle = np.clip(action.astype(float), -1, 1)
    main = np.where(throttle[:, 0] > 0, (throttle[:, 0] + 1) / 2, 0.0)
    side = np.abs(throttle[:, 1])
    return MAIN_COST * main + SIDE_COST * np.where(side > 0.5, side, 0.0)


class Episode:
    """A running flight in its own environment.

    Parameters
    ----------
    seed : int
        0 to 2**31 - 1.
    conditions : Conditions
        The conditions of the flight.

    Raises
    ------
    SpaceHubError
        If the seed is invalid.
    """

    def __init__(self, *, seed: int, conditions: Conditions):
        self.seed, self.conditions = check_seed(seed), conditions
        self._env = LunarLander(**conditions.keywords())
        observation, _ = self._env.reset(seed=self.seed)
        self._observations, self._actions, self._rewards = [observation], [], []
        self._legs = [self._pose()]
        self.outcome = ""

    @property
    def observation(self) -> np.ndarray:
        """The newest observation, shape (8,)."""
        return self._observations[-1]

    @property
    def legs(self) -> tuple[float, ...]:
        """The current position of the legs: x, y and angle of one leg, then of the other."""
        return self._legs[-1]

    @property
    def terrain(self) -> np.ndarray:
        """The ground, as in `Flight.terrain`."""
        polygons = self._env.sky_polys
        return np.array([polygon[0] for polygon in polygons] + [polygons[-1][1]], np.float32)

    @property
    def steps(self) -> int:
        """The number of steps so far."""
        return len(self._rewards)

    @property
    def total_reward(self) -> float:
        """Sum of the rewards so far."""
        return float(sum(self._rewards))

    def step(self, action: int | np.ndarray) -> bool:
        """Fly one step of 0.02 s; return whether the flight is over."""
        if not self.conditions.continuous:
            action = int(action)  # which the environment checks faster than NumPy integers
        observation, reward, over, _, _ = self._env.step(action)
        self._observations.append(observation)
        self._actions.append(action)
        self._rewards.append(float(reward))
        self._legs.append(self._pose())
        if over or self.steps == MOST_STEPS:
            self.outcome = self._ending(over)
        return bool(self.outcome)

    def flight(self) -> Flight:
        """Return the flight so far."""
        kind, shape = (np.float32, (-1, 2)) if self.conditions.continuous else (np.int64, (-1,))
        return Flight(
            seed=self.seed,
            conditions=self.conditions,
            observation=np.stack(self._observations),
            action=np.array(self._actions, kind).reshape(shape),
            reward=np.array(self._rewards),
            legs=np.array(self._legs, np.float32).reshape(-1, 2, 3),
            terrain=self.terrain,
            outcome=self.outcome,
        )

    def _pose(self) -> tuple[float, ...]:
        left, other = self._env.legs
        (x, y), (u, v) = left.position, other.position
        return x, y, left.angle, u, v, other.angle

    def _ending(self, over: bool) -> str:
        env = self._env
        if not over:
            return "ran out of time"
        if not env.lander.awake:
            # Not the environment's own flags, the last two of an observation: a flag turns off when a
            # foot slides over a seam of the ground, although the foot still touches the other side.
            down = all(any(edge.contact.touching for edge in leg.contacts) for leg in env.legs)
            between = env.helipad_x1 <= env.lander.position.x <= env.helipad_x2
            return "landed" if down and between else "off the pad"
        return "crashed" if env.game_over else "flew off"


def fly(agent: Agent, *, seed: int, conditions: Conditions) -> Flight:
    """Fly from the seed's start to the end.

    Parameters
    ----------
    agent : Agent
        Takes observations (N, 8) and returns N actions.

    Raises
    ------
    SpaceHubError
        If the seed is invalid.
    """
    episode = Episode(seed=seed, conditions=conditions)
    while not episode.step(agent(episode.observation[None])[0]):
        pass
    return episode.flight()
