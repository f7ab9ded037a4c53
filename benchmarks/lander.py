"""Measure how fast the lander's agent learns, compared with rl-baselines3-zoo, and how fast visitors get their flights.

    python -m benchmarks.lander [--steps 700000] [--json FILE]

Both agents train PPO in turn, on one thread in this process:

- *ours* trains as `train_scripts.train_lander --preset quick` does.
- *theirs* trains as `python -m rl_zoo3.train --algo ppo --env LunarLander-v3` does, with the tuned hyperparameters of
  version 2.9 (sixteen environments from `make_vec_env`, batches of 64).

The times are CPU times of training alone. Between the parts of the training, the benchmark evaluates both agents on the
same validation seeds. The benchmark takes about five minutes. The first two rows, for a flight with a video and for a
hundred flights, do not use rl-baselines3-zoo. They compare our times with limits in seconds.
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
    """An agent in training, with its CPU time so far and its training curve."""

    def __init__(self, model: BaseAlgorithm, *, annealed: bool):
        self.model, self.annealed = model, annealed
        self.seconds, self.solved_after, self.curve = 0.0, None, []

    def learn(self) -> None:
        """Train for one more part, and evaluate the agent."""
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
        """Return the number of environment steps per CPU second of training."""
        return self.model.num_timesteps / self.seconds

    def reward(self, share: float) -> float:
        """Return the mean reward over the last `share` of the curve."""
        tail = self.curve[-max(1, int(share * len(self.curve))) :]
        return float(np.mean([reward for _, reward in tail]))


def train(limit: int) -> list[dict]:
    """Train both agents in turn, up to `limit` steps each."""
    learners = Learner(ours(), annealed=True), Learner(theirs(), annealed=False)
    while min(learner.model.num_timesteps for learner in learners) < limit:
        learner = min(learners, key=lambda learner: learner.model.num_timesteps)
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
        print(f"CPU seconds to a mean of 200: ours {mine.solved_after}, theirs {other.solved_after}")
    return rows


def fly_and_film(repeats: int) -> list[dict]:
    """Measure one flight with a video, and a hundred flights without a video.

    The pilot runs a network of the published size, but takes the heuristic's actions. It therefore needs as much time per
    step as a trained agent, and its flights are about as long.
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
    """Return the median wall-clock time of an action in seconds, after one warm-up call."""
    action()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Run the benchmark with the options given on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--steps", type=int, default=700_000, help="number of environment steps for each agent"
    )
    parser.add_argument("--repeats", type=int, default=5, help="number of measurements of the flights")
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    options = parser.parse_args()
    torch.set_num_threads(1)
    report([*fly_and_film(options.repeats), *train(options.steps)], options.json)


if __name__ == "__main__":
    main()
