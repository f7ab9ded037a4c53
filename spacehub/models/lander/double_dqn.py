"""Double DQN for Stable-Baselines3, with a smooth target network; its zip loads as a plain `DQN`."""

from collections.abc import Callable
from typing import Self

import numpy as np
import torch
from stable_baselines3 import DQN
from stable_baselines3.common.type_aliases import ReplayBufferSamples
from torch.nn import functional

ACTIONS = 4
Network = Callable[[torch.Tensor], torch.Tensor]


def double_goals(
    online: Network, target: Network, drawn: ReplayBufferSamples, *, gamma: float
) -> torch.Tensor:
    """Return the target Q-values of the drawn actions, (N, 1).

    `online` chooses the next action, and `target` estimates its value, because the maximum over one network's noisy
    values is too high. Source: van Hasselt et al. 2016, arXiv:1509.06461.
    """
    # A buffer of one-step returns does not have discounts.
    discounts = gamma if drawn.discounts is None else drawn.discounts
    best = online(drawn.next_observations).argmax(dim=1, keepdim=True)
    after = target(drawn.next_observations).gather(1, best)
    return drawn.rewards + (1 - drawn.dones) * discounts * after


class HeldActions:
    """Exploration by random actions that each lander holds for 1 to `longest` steps, all equally likely.

    Source: Dabney et al. 2021, arXiv:2006.01782, with another distribution. A lander at rest counts as landed only after half a
    second (25 steps) without thrust. Independent random actions almost never discover this rule.
    """

    def __init__(self, landers: int, longest: int):
        self._longest = longest
        self._left, self._held = np.zeros((2, landers), int)

    def __call__(self, actions: np.ndarray, share: float) -> np.ndarray:
        """Return the actions (N,) after replacing a `share` of them, on average over time."""
        mean = (1 + self._longest) / 2
        starts = (self._left == 0) & (np.random.rand(len(actions)) < share / (share + mean * (1 - share)))
        self._left[starts] = np.random.randint(1, self._longest + 1, starts.sum())
        self._held[starts] = np.random.randint(ACTIONS, size=starts.sum())
        explores = self._left > 0
        self._left[explores] -= 1
        return np.where(explores, self._held, actions)


class DoubleDqn(DQN):
    """DQN with double Q-learning, in which each lander explores on its own, with actions held for up to `hold` steps."""

    def __init__(self, *arguments, hold: int = 1, **options):
        self.hold = hold
        super().__init__(*arguments, **options)

    def learn(self, *arguments, **options) -> Self:
        """Train as `DQN` does; every lander starts without a held action."""
        self._held_actions = HeldActions(self.n_envs, self.hold)
        return super().learn(*arguments, **options)

    def _sample_action(self, learning_starts: int, action_noise=None, n_envs: int = 1):
        if self.num_timesteps < learning_starts:
            return super()._sample_action(learning_starts, action_noise, n_envs)
        best, _ = self.predict(self._last_obs, deterministic=True)
        actions = self._held_actions(best, self.exploration_rate)
        return actions, actions

    def _excluded_save_params(self) -> list[str]:
        return [*super()._excluded_save_params(), "_held_actions"]

    def train(self, gradient_steps: int, batch_size: int = 100) -> None:
        """Update the online network on `gradient_steps` batches, all drawn and valued before the first update."""
        self.policy.set_training_mode(True)
        self._update_learning_rate(self.policy.optimizer)
        drawn = self.replay_buffer.sample(gradient_steps * batch_size, env=self._vec_normalize_env)
        with torch.no_grad():
            goals = double_goals(self.q_net, self.q_net_target, drawn, gamma=self.gamma)
        batches = (values.split(batch_size) for values in (drawn.observations, drawn.actions.long(), goals))
        losses = []
        for observations, actions, goal in zip(*batches, strict=True):
            loss = functional.smooth_l1_loss(self.q_net(observations).gather(1, actions), goal)
            self.policy.optimizer.zero_grad()
            loss.backward()
            self.policy.optimizer.step()
            losses.append(loss.item())
        self._n_updates += gradient_steps
        self.logger.record("train/n_updates", self._n_updates, exclude="tensorboard")
        self.logger.record("train/loss", np.mean(losses))
