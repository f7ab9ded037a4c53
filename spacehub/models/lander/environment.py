"""Many LunarLander-v3 environments in one process, as Stable-Baselines3 trains on them, with Gymnasium's physics.

On every step, Gymnasium's wrappers and Stable-Baselines3's DummyVecEnv and Monitor check and copy values
that cannot be wrong here. Without them, a step takes about two thirds of the time (see `benchmarks/lander.py`).
"""

from collections.abc import Sequence

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.envs.box2d.lunar_lander import LunarLander
from stable_baselines3.common.vec_env.base_vec_env import VecEnv

from spacehub.serving.lander.conditions import Conditions
from spacehub.serving.lander.flight import fuel_cost

ENV_ID = "LunarLander-v3"
TIME_LIMIT = 1000
# The first observation at the flags.
PAD = 0.2


class _TrustedActions(spaces.Discrete):
    """The discrete actions, without a check of each one: they come from a policy over four actions."""

    def contains(self, x) -> bool:
        return True


class Landers(VecEnv):
    """`count` landers that restart automatically, under one set of conditions.

    The penalty for each step with an engine on and a leg on the ground is `ground_cost` points. The penalty for coming
    to rest outside the flags is `off_pad_cost` points. Then rewards are multiplied by `reward_scale`. The returns of
    finished episodes, in `infos`, include neither the penalties nor this factor.
    """

    def __init__(
        self,
        count: int,
        conditions: Conditions,
        *,
        reward_scale: float = 1.0,
        ground_cost: float = 0.0,
        off_pad_cost: float = 0.0,
    ):
        self.envs = [LunarLander(**conditions.keywords()) for _ in range(count)]
        first = self.envs[0]
        super().__init__(count, first.observation_space, first.action_space)
        self.render_mode = None
        if not conditions.continuous:
            for env in self.envs:
                env.action_space = _TrustedActions(4)
        self._scale, self._ground_cost, self._off_pad_cost = reward_scale, ground_cost, off_pad_cost
        self._actions: Sequence = ()
        self._fires: Sequence[bool] = ()
        self._returns = np.zeros(count)
        self._lengths = np.zeros(count, dtype=int)

    def reset(self) -> np.ndarray:
        """Restart all, from the seeds given with `seed` if there are any; observations (count, 8)."""
        self._returns[:], self._lengths[:] = 0, 0
        observations = [env.reset(seed=seed)[0] for env, seed in zip(self.envs, self._seeds, strict=True)]
        self._reset_seeds()
        return np.stack(observations)

    def step_async(self, actions: np.ndarray) -> None:
        """Remember the actions (count,), or (count, 2) for the continuous engines."""
        self._actions = actions if actions.ndim > 1 else actions.tolist()
        self._fires = (fuel_cost(actions) > 0).tolist()

    def step_wait(self):
        """Step every lander; return observations, rewards, dones and infos in Stable-Baselines3's format."""
        count = self.num_envs
        observations = np.empty((count, 8), dtype=np.float32)
        rewards = np.empty(count, dtype=np.float32)
        dones = np.zeros(count, dtype=bool)
        infos: list[dict] = [{} for _ in range(count)]
        self._lengths += 1
        for place, (env, action) in enumerate(zip(self.envs, self._actions, strict=True)):
            observation, reward, terminated, _, _ = env.step(action)
            self._returns[place] += reward
            if self._fires[place] and (observation[6] or observation[7]):
                reward -= self._ground_cost
            if terminated and not env.lander.awake and abs(observation[0]) > PAD:
                reward -= self._off_pad_cost
            rewards[place] = reward * self._scale
            if terminated or self._lengths[place] >= TIME_LIMIT:
                dones[place] = True
                infos[place] = {
                    "terminal_observation": observation,
                    "TimeLimit.truncated": not terminated,
                    "episode": {"r": float(self._returns[place]), "l": int(self._lengths[place])},
                }
                observation, _ = env.reset()
                self._returns[place], self._lengths[place] = 0, 0
            observations[place] = observation
        return observations, rewards, dones, infos

    def close(self) -> None:
        """Close every environment."""
        for env in self.envs:
            env.close()

    def get_attr(self, attr_name: str, indices=None) -> list:
        """Return an attribute of the chosen environments."""
        return [getattr(self.envs[place], attr_name) for place in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value, indices=None) -> None:
        """Set an attribute of the chosen environments."""
        for place in self._get_indices(indices):
            setattr(self.envs[place], attr_name, value)

    def env_method(self, method_name: str, *method_args, indices=None, **method_kwargs) -> list:
        """Call a method of the chosen environments."""
        return [
            getattr(self.envs[place], method_name)(*method_args, **method_kwargs)
            for place in self._get_indices(indices)
        ]

    def env_is_wrapped(self, wrapper_class: type[gymnasium.Wrapper], indices=None) -> list[bool]:
        """Return False for every environment: no environment is wrapped, because this class tracks returns and time itself."""
        return [False for _ in self._get_indices(indices)]
