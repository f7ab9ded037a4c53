"""Train REINFORCE with a learned baseline on LunarLander-v3 in plain PyTorch, to show the idea behind PPO.

    python -m train_scripts.policy_gradient --updates 100

The script does not publish anything. If a flight goes better after an action than the baseline predicted, REINFORCE
makes this action more likely, in proportion to the difference (Williams 1992, doi:10.1007/BF00992696). PPO adds two
ideas. First, PPO trains on each flight several times, but keeps the new policy close to the policy that flew the
flight. Second, PPO reduces the variance of the returns and accepts some bias in exchange (GAE).
"""

from dataclasses import dataclass

import numpy as np
import torch
import tyro
from torch import nn
from torch.distributions import Categorical

from spacehub.models.lander.environment import Landers
from spacehub.serving.lander.conditions import Conditions


@dataclass
class Options:
    """Options for the training run."""

    updates: int = 400
    """Number of gradient steps. Each step uses `landers` flights."""
    landers: int = 16
    """Number of flights per update."""
    steps: int = 500
    """Maximum number of steps per flight. The agent learns little from longer flights, because the lander only hovers in them."""
    learning_rate: float = 3e-3
    """Learning rate of the Adam optimiser."""
    gamma: float = 0.995
    """Discount factor per step. A reward one second (50 steps) in the future counts for about 78 % of its value."""
    seed: int = 0
    """Random seed for the networks, the actions and the flights."""


def network(outputs: int) -> nn.Sequential:
    """Return a network with two hidden layers that takes the eight observations as input."""
    return nn.Sequential(nn.Linear(8, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, outputs))


def returns(rewards: np.ndarray, gamma: float) -> np.ndarray:
    """Return the discounted return from each step onwards, as an array of shape (steps, landers)."""
    discounted, following = np.zeros_like(rewards), np.zeros(rewards.shape[1])
    for step in reversed(range(len(rewards))):
        discounted[step] = following = rewards[step] + gamma * following
    return discounted


def fly(
    policy: nn.Module, landers: Landers, steps: int
) -> tuple[torch.Tensor, torch.Tensor, np.ndarray, np.ndarray]:
    """Fly every lander once, with actions sampled from the policy.

    Returns
    -------
    tuple
        Observations, of shape (steps, landers, 8). Actions, rewards and whether the lander was still flying, each of
        shape (steps, landers).
    """
    observation, aloft = landers.reset(), np.ones(landers.num_envs, dtype=bool)
    seen, taken, earned, flying = [], [], [], []
    while aloft.any() and len(seen) < steps:
        now = torch.as_tensor(observation)
        with torch.no_grad():
            action = Categorical(logits=policy(now)).sample()
        observation, reward, over, _ = landers.step(action.numpy())
        seen.append(now)
        taken.append(action)
        earned.append(np.where(aloft, reward, 0.0))
        flying.append(aloft)
        aloft = aloft & ~over
    return torch.stack(seen), torch.stack(taken), np.stack(earned), np.stack(flying)


def train(options: Options) -> list[float]:
    """Train the agent, and return the mean reward of the flights in each update."""
    torch.manual_seed(options.seed)
    policy, baseline = network(4), network(1)
    optimiser = torch.optim.Adam([*policy.parameters(), *baseline.parameters()], lr=options.learning_rate)
    landers = Landers(options.landers, Conditions())
    landers.seed(options.seed)
    curve = []
    for update in range(options.updates):
        seen, taken, earned, flying = fly(policy, landers, options.steps)
        mask = torch.as_tensor(flying)
        goal = torch.as_tensor(returns(earned / 100, options.gamma), dtype=torch.float32)[mask]
        expected = baseline(seen)[..., 0][mask]
        advantage = goal - expected.detach()
        advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
        chosen = Categorical(logits=policy(seen)).log_prob(taken)[mask]
        loss = -(chosen * advantage).mean() + (goal - expected).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        curve.append(float(earned.sum(axis=0).mean()))
        if update % 10 == 0 or update == options.updates - 1:
            print(f"update {update}: mean reward {np.mean(curve[-10:]):.0f}", flush=True)
    return curve


def main() -> None:
    """Train the agent with the options given on the command line."""
    torch.set_num_threads(1)
    train(tyro.cli(Options, description=__doc__))


if __name__ == "__main__":
    main()
