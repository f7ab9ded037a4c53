"""Create Stable-Baselines3 agents from a recipe, and wrap their policy for the flights."""

from pathlib import Path

import numpy as np
import torch
from stable_baselines3 import DQN, PPO
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.utils import FloatSchedule
from stable_baselines3.common.vec_env import VecEnv
from torch import nn

from spacehub.models.lander import portable
from spacehub.models.lander.double_dqn import DoubleDqn
from spacehub.models.lander.recipes import Dqn, Ppo, Recipe
from spacehub.serving.lander.flight import Agent


def algorithm(recipe: Recipe) -> type[BaseAlgorithm]:
    """Return the class that trains by `recipe`."""
    return PPO if isinstance(recipe, Ppo) else DoubleDqn


def build(recipe: Recipe, env: VecEnv, *, seed: int) -> BaseAlgorithm:
    """Return an untrained agent on `env`."""
    common = {
        "policy": "MlpPolicy",
        "env": env,
        "learning_rate": recipe.learning_rate,
        "gamma": recipe.gamma,
        "batch_size": recipe.batch,
        "device": "cpu",
        "seed": seed,
    }
    layers = list(recipe.layers)
    if isinstance(recipe, Ppo):
        return PPO(
            **common,
            n_steps=recipe.rollout,
            n_epochs=recipe.epochs,
            gae_lambda=recipe.gae_lambda,
            ent_coef=recipe.entropy,
            policy_kwargs={"net_arch": layers, "activation_fn": nn.Tanh},
        )
    return DoubleDqn(
        **common,
        buffer_size=recipe.buffer,
        learning_starts=recipe.learning_starts,
        train_freq=1,
        gradient_steps=recipe.gradient_steps,
        target_update_interval=recipe.envs,  # after each step of all environments
        tau=recipe.target_share,
        n_steps=recipe.returns,
        hold=recipe.hold,
        policy_kwargs={"net_arch": layers},
    )


def anneal(model: BaseAlgorithm, recipe: Recipe, done: float) -> None:
    """Set the values that depend on the share of training `done`, as constants that any reader of the zip knows."""
    model.learning_rate = recipe.learning_rate * (1 - done)
    model.lr_schedule = FloatSchedule(model.learning_rate)
    if isinstance(recipe, Ppo):
        model.ent_coef = recipe.entropy * (1 - done)
    elif isinstance(recipe, Dqn):
        first, last, share = recipe.exploration
        model.exploration_schedule = FloatSchedule(first * (last / first) ** min(done / share, 1.0))


def policy_of(model: BaseAlgorithm) -> Agent:
    """Return the deterministic policy, which maps observations (N, 8) to N actions; for DQN, the target network's."""

    def act(observation: np.ndarray) -> np.ndarray:
        if isinstance(model, DQN):
            with torch.no_grad():
                return model.q_net_target(torch.from_numpy(observation)).argmax(dim=1).numpy()
        return model.predict(observation, deterministic=True)[0]

    return act


def save(model: BaseAlgorithm, path: Path) -> None:
    """Write Stable-Baselines3's zip without the current positions of the landers, for any version that reads it."""
    model._last_obs = model._last_original_obs = model._last_episode_starts = None
    if isinstance(model, DQN):
        model.replay_buffer_class = None  # chosen from n_steps; with a name in the file every reader warns
    # Stable-Baselines3 rebuilds the schedules when it loads; not all of its versions can read the pickled
    # ones.
    model.save(path, exclude=["lr_schedule", "clip_range", "exploration_schedule"])
    portable.rewrite_spaces(path, {name: getattr(model, name) for name in portable.SPACES})


def finish(model: BaseAlgorithm, scale: float) -> None:
    """Undo the reward scale in the last layer, so that values are in points; let DQN's target network act."""
    if isinstance(model, PPO):
        heads = [model.policy.value_net]
    else:
        model.q_net.load_state_dict(model.q_net_target.state_dict())
        heads = [network.q_net[-1] for network in (model.q_net, model.q_net_target)]
    with torch.no_grad():
        for head in heads:
            head.weight /= scale
            head.bias /= scale
