"""Compare the training speed of the lander's agent with different numbers of environments, threads and processes.

    python -m benchmarks.lander_counts [--steps 32768] [--rounds 3] [--json FILE]

All variants train PPO in turn with the published recipe, and differ only in these numbers. The benchmark measures
wall-clock time, because additional processes and threads reduce only this time. A rollout contains the same number of
transitions for any number of environments. *theirs* is the published choice: all environments in one process with one
thread. `SubprocVecEnv` runs each environment in a separate process.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.vec_env import DummyVecEnv, SubprocVecEnv, VecEnv

from benchmarks.report import report, row
from spacehub.models.lander import agents
from spacehub.models.lander.environment import ENV_ID, Landers
from spacehub.models.lander.recipes import PPO
from spacehub.serving.lander.conditions import Conditions

PUBLISHED = "published"
TRANSITIONS = PPO.envs * PPO.rollout


class Candidate:
    """A training variant, with its speed in each round."""

    def __init__(self, envs: int, threads: int, make: Callable[[int], VecEnv]):
        self.threads, self.rates = threads, []
        recipe = replace(PPO, envs=envs, rollout=TRANSITIONS // envs)
        self.model = agents.build(recipe, make(envs), seed=0)

    def learn(self, steps: int) -> None:
        """Train for `steps` steps, and record the steps per second."""
        torch.set_num_threads(self.threads)
        before, start = self.model.num_timesteps, time.perf_counter()
        self.model.learn(steps, reset_num_timesteps=False)
        self.rates.append((self.model.num_timesteps - before) / (time.perf_counter() - start))


def ours(envs: int) -> VecEnv:
    """Return the environments of the training script, in this process."""
    return Landers(envs, Conditions(), reward_scale=PPO.reward_scale)


def usual(kind: type[VecEnv]) -> Callable[[int], VecEnv]:
    """Return a function that creates a vector environment of Stable-Baselines3."""
    # With start methods other than fork, each process would load PyTorch again before it starts.
    options = {"start_method": "fork"} if kind is SubprocVecEnv else None
    return lambda envs: make_vec_env(ENV_ID, n_envs=envs, vec_env_cls=kind, vec_env_kwargs=options)


def main() -> None:
    """Run the benchmark with the options given on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--steps",
        type=int,
        default=4 * TRANSITIONS,
        help="number of training steps for each variant per round",
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="number of rounds (the report shows the median)"
    )
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    options = parser.parse_args()
    candidates = {
        PUBLISHED: Candidate(PPO.envs, 1, ours),
        "8 environments": Candidate(8, 1, ours),
        "16 environments": Candidate(16, 1, ours),
        "64 environments": Candidate(64, 1, ours),
        "128 environments": Candidate(128, 1, ours),
        "2 threads": Candidate(PPO.envs, 2, ours),
        "DummyVecEnv": Candidate(PPO.envs, 1, usual(DummyVecEnv)),
        "SubprocVecEnv, 8 processes": Candidate(8, 1, usual(SubprocVecEnv)),
        f"SubprocVecEnv, {PPO.envs} processes": Candidate(PPO.envs, 1, usual(SubprocVecEnv)),
    }
    for number in range(options.rounds):
        for name, candidate in candidates.items():
            candidate.learn(options.steps)
            print(f"round {number + 1}: {name}, {candidate.rates[-1]:,.0f} steps/s", flush=True)
    rates = {name: statistics.median(candidate.rates) for name, candidate in candidates.items()}
    for candidate in candidates.values():
        candidate.model.get_env().close()
    chosen = rates.pop(PUBLISHED)
    report([row(name, rate, chosen, "1/s", options.rounds) for name, rate in rates.items()], options.json)


if __name__ == "__main__":
    main()
