"""Measure how fast the lander learns, compared with rl-baselines3-zoo, and how fast visitors get their flights.

    python -m benchmarks.lander [--steps 700000] [--json FILE]

Both train PPO on one thread in this process and in turn. Ours trains as `train_scripts.train_lander
--preset quick` does, theirs as `python -m rl_zoo3.train --algo ppo --env LunarLander-v3` does (its tuned
hyperparameters of version 2.9: sixteen environments from `make_vec_env`, batches of 64). Times are CPU
times of training alone; the agents are evaluated in between, on the same validation seeds. It takes about
five minutes. rl-baselines3-zoo publishes no agent that could film or fly in bulk, so the last two rows
are compared with their limits in seconds.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.env_util import make_vec_env

from benchmarks.report import report, row
from spacehub.models.lander import agents, seeds
from spacehub.models.lander.environment import Landers
from spacehub.models.lander.evaluation import evaluate
from spacehub.models.lander.export import to_onnx
from spacehub.models.lander.recipes import PRESETS
from spacehub.serving.lander.agents import OnnxAgent, heuristic
from spacehub.serving.lander.batch import fly_many
from spacehub.serving.lander.conditions import Conditions
from spacehub.serving.lander.flight import fly
from spacehub.serving.lander.video import write_video

SOLVED, MEASURED = 200.0, 40
PART = 32_768
VIDEO_LIMIT, HUNDRED_LIMIT = 3.0, 5.0
RECIPE = PRESETS["ppo", "quick"].recipe


def ours() -> BaseAlgorithm:
    """Create an untrained agent as the training script does."""
    return agents.build(RECIPE, Landers(RECIPE.envs, Conditions(), reward_scale=RECIPE.reward_scale), seed=0)


def theirs() -> BaseAlgorithm:
    """Create an untrained agent as rl-baselines3-zoo does (hyperparams/ppo.yml, LunarLander-v3)."""
    return PPO(
        "MlpPolicy",
        make_vec_env("LunarLander-v3", n_envs=16, seed=0),
        n_steps=1024,
        batch_size=64,
        gae_lambda=0.98,
        gamma=0.999,
        n_epochs=4,
        ent_coef=0.01,
        seed=0,
        device="cpu",
    )


class Learner:
    """An agent in training, its CPU seconds so far, and its curve."""

    def __init__(self, model: BaseAlgorithm, *, annealed: bool):
        self.model, self.annealed = model, annealed
        self.seconds, self.solved_after, self.curve = 0.0, None, []

    def learn(self) -> None:
        """Train one more part, then evaluate."""
        if self.annealed:
            agents.anneal(self.model, RECIPE, self.model.num_timesteps / RECIPE.steps)
        start = time.process_time()
        self.model.learn(PART, reset_num_timesteps=False)
        self.seconds += time.process_time() - start
        flights = evaluate(
            agents.policy_of(self.model), seeds=seeds.VALIDATION[:MEASURED], conditions=Conditions()
        )
        reward = float(flights["total_reward"].mean())
        self.curve.append((self.model.num_timesteps, reward))
        if reward >= SOLVED and self.solved_after is None:
            self.solved_after = self.seconds

    @property
    def steps_a_second(self) -> float:
        """Return the environment steps per CPU second of training."""
        return self.model.num_timesteps / self.seconds

    def reward(self, share: float) -> float:
        """Return the mean reward over the last `share` of the curve."""
        tail = self.curve[-max(1, int(share * len(self.curve))) :]
        return float(np.mean([reward for _, reward in tail]))


def train(limit: int) -> list[dict]:
    """Train both in turn, up to `limit` steps each."""
    learners = Learner(ours(), annealed=True), Learner(theirs(), annealed=False)
    while min(learner.model.num_timesteps for learner in learners) < limit:
        learner = min(learners, key=lambda one: one.model.num_timesteps)
        learner.learn()
        steps, reward = learner.curve[-1]
        print(f"{'ours' if learner.annealed else 'theirs'}: {steps:,} steps, {reward:.0f}", flush=True)
    mine, other = learners
    rows = [
        row("environment steps per CPU second", mine.steps_a_second, other.steps_a_second, "1/s", 1),
        row("mean reward, last quarter", mine.reward(0.25), other.reward(0.25), "points", MEASURED),
    ]
    if mine.solved_after and other.solved_after:
        rows.append(row("CPU seconds to a mean of 200", mine.solved_after, other.solved_after, "s", 1))
    else:
        print(f"a mean of 200 after: ours {mine.solved_after}, theirs {other.solved_after}")
    return rows


def fly_and_film(repeats: int) -> list[dict]:
    """Measure one flight with its video, and a hundred without.

    The pilot runs a network of the published size but takes the heuristic's actions, so that it costs as
    much as a trained agent and its flights are as long.
    """
    with tempfile.TemporaryDirectory() as scratch:
        network, film = Path(scratch) / "model.onnx", Path(scratch) / "flight.mp4"
        onnx.save(to_onnx(ours()), network)
        network_agent = OnnxAgent(network)

        def pilot(observation: np.ndarray) -> np.ndarray:
            network_agent(observation)
            return heuristic(observation)

        one_seconds = median(
            lambda: write_video([fly(pilot, seed=0, conditions=Conditions())], film), repeats=repeats
        )
        many = median(lambda: fly_many(pilot, seeds=range(100), conditions=Conditions()), repeats=repeats)
    return [
        row("one flight with video", one_seconds, VIDEO_LIMIT, "s", repeats),
        row("a hundred flights", many, HUNDRED_LIMIT, "s", repeats),
    ]


def median(action: Callable[[], object], *, repeats: int) -> float:
    """Return the median wall time of an action in seconds, after one uncounted call."""
    action()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=700_000, help="environment steps of each training")
    parser.add_argument(
        "--repeats", type=int, default=5, help="repeats for a flight with video, and for a hundred"
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    torch.set_num_threads(1)
    report([*fly_and_film(options.repeats), *train(options.steps)], options.json)


if __name__ == "__main__":
    main()
