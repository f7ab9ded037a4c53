"""Double DQN for Stable-Baselines3, with a smooth target network; its zip loads as a plain `DQN`."""

from collections.abc import Callable

import numpy as np
import torch
from stable_baselines3 import DQN
from stable_baselines3.common.type_aliases import ReplayBufferSamples
from torch.nn import functional

Network = Callable[[torch.Tensor], torch.Tensor]


def double_goals(
    online: Network, target: Network, drawn: ReplayBufferSamples, *, gamma: float
) -> torch.Tensor:
    """Return what the Q-values of the drawn actions should be, (N, 1).

    `online` chooses the next action and `target` values it, because the maximum over one network's noisy values
    is too high. Source: van Hasselt et al. 2016, arXiv:1509.06461.
    """
    # A buffer of one-step returns does not have discounts.
    discounts = gamma if drawn.discounts is None else drawn.discounts
    best = online(drawn.next_observations).argmax(dim=1, keepdim=True)
    after = target(drawn.next_observations).gather(1, best)
    return drawn.rewards + (1 - drawn.dones) * discounts * after


class DoubleDqn(DQN):
    """DQN with double Q-learning, in which each lander explores on its own.

    In `DQN`, all landers take a random action at the same step.
    """

    def predict(self, observation, state=None, episode_start=None, deterministic=False):
        """Return the best action of each lander, or a random one with probability `exploration_rate`."""
        action, state = self.policy.predict(observation, state, episode_start, deterministic=True)
        if not deterministic:
            explores = np.random.rand(*np.shape(action)) < self.exploration_rate
            drawn = np.random.randint(self.action_space.n, size=np.shape(action))
            action = np.where(explores, drawn, action)
        return action, state

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
            torch.nn.utils.clip_grad_norm_(self.policy.parameters(), self.max_grad_norm)
            self.policy.optimizer.step()
            losses.append(loss.item())
        self._n_updates += gradient_steps
        self.logger.record("train/n_updates", self._n_updates, exclude="tensorboard")
        self.logger.record("train/loss", np.mean(losses))
