"""How the lander's counts of environments, threads and processes were chosen: training steps a second with each.

    python -m benchmarks.lander_counts [--steps 32768] [--rounds 3] [--json FILE]

Each trains PPO by the published recipe, all else alike, in turn and in wall time, since processes and threads pay in
that alone. A rollout keeps its number of transitions, whatever the number of environments that gather it. *Theirs* here is
the published choice: its environments in one process, one thread. With `SubprocVecEnv` every environment has a process.
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
    """A way to gather and to learn, and how fast it was each time."""

    def __init__(self, envs: int, threads: int, make: Callable[[int], VecEnv]):
        self.threads, self.rates = threads, []
        recipe = replace(PPO, envs=envs, rollout=TRANSITIONS // envs)
        self.model = agents.build(recipe, make(envs), seed=0)

    def learn(self, steps: int) -> None:
        """Train for some steps, and note how many a second those were."""
        torch.set_num_threads(self.threads)
        before, start = self.model.num_timesteps, time.perf_counter()
        self.model.learn(steps, reset_num_timesteps=False)
        self.rates.append((self.model.num_timesteps - before) / (time.perf_counter() - start))


def ours(envs: int) -> VecEnv:
    """Return the landers of the train script, in this process."""
    return Landers(envs, Conditions(), reward_scale=PPO.reward_scale)


def usual(kind: type[VecEnv]) -> Callable[[int], VecEnv]:
    """Return what makes Stable-Baselines3's own vector of environments."""
    # Forked, since each of the others would load PyTorch again before it starts.
    options = {"start_method": "fork"} if kind is SubprocVecEnv else None
    return lambda envs: make_vec_env(ENV_ID, n_envs=envs, vec_env_cls=kind, vec_env_kwargs=options)


def main() -> None:
    """Measure as the command line asks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=4 * TRANSITIONS, help="of each, a round")
    parser.add_argument("--rounds", type=int, default=3, help="in turn; the median counts")
    parser.add_argument("--json", type=Path, help="write the figures there too")
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
