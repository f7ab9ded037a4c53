"""Train in stints: after each stint the agent is measured and saved, and a killed run continues from there.

A stint depends only on the run's number, the stint's number, and the checkpoint that it starts from: all
randomness is seeded again, and every lander restarts. Therefore a run that was killed and resumed ends
with exactly the same agent as an uninterrupted run.
"""

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.logger import Logger
from stable_baselines3.common.off_policy_algorithm import OffPolicyAlgorithm

from spacehub.errors import SpaceHubError
from spacehub.models.lander import agents, seeds
from spacehub.models.lander.environment import Landers
from spacehub.models.lander.evaluation import evaluate
from spacehub.models.lander.recipes import Recipe, describe
from spacehub.models.tracking import Tracker
from spacehub.serving.lander.conditions import Conditions

CHECKPOINT, BEST, BUFFER, STATE = "checkpoint.zip", "best.zip", "buffer.pkl", "state.json"


@dataclass(frozen=True, kw_only=True)
class Run:
    """A finished training run: the validation score after every stint, and the file of the best agent."""

    number: int
    curve: list[dict]
    best: Path
    seconds: float
    cpu_seconds: float
    training_cpu_seconds: float
    resumed: int

    @property
    def chosen(self) -> dict:
        """The point of the curve at which `best` was saved."""
        return max(self.curve, key=_score)


def train(
    recipe: Recipe,
    *,
    number: int,
    conditions: Conditions,
    validation: int,
    folder: Path,
    tracker: Tracker,
    report: Callable[[int, int], None],
) -> Run:
    """Train run `number` to its end, from its newest checkpoint in `folder` if there is one of this recipe.

    Parameters
    ----------
    validation : int
        How many of `seeds.VALIDATION` are flown after each stint; the agent with the highest mean reward
        is the best.
    folder : Path
        Holds the run's checkpoint during and after the run. We wrote this file, so it is loaded.
    report : callable
        Called with the finished stints and their total.

    Raises
    ------
    SpaceHubError
        If another process is training the same run.
    """
    with _alone_in(folder):
        return _train(recipe, number, conditions, validation, folder, tracker, report)


def _train(
    recipe: Recipe,
    number: int,
    conditions: Conditions,
    validation: int,
    folder: Path,
    tracker: Tracker,
    report: Callable[[int, int], None],
) -> Run:
    env = Landers(
        recipe.envs,
        conditions,
        reward_scale=recipe.reward_scale,
        ground_cost=recipe.ground_cost,
        off_pad_cost=recipe.off_pad_cost,
    )
    model, state = _resume(recipe, env, folder) or _begin(recipe, env, folder, number)
    # With its own logger, each call of `learn` leaves an empty folder in the system's temporary folder.
    model.set_logger(Logger(folder=None, output_formats=[]))
    for stint in range(len(state["curve"]), recipe.stints):
        report(stint, recipe.stints)
        started, cpu = time.monotonic(), time.process_time()
        model.set_random_seed(seeds.training(number, stint))
        agents.anneal(model, recipe, stint / recipe.stints)
        model.learn(recipe.stint_steps, reset_num_timesteps=False)
        trained = time.process_time() - cpu
        point = _measure(model, conditions, validation, steps=(stint + 1) * recipe.stint_steps)
        tracker.log(point, step=point["steps"])
        better = not state["curve"] or _score(point) > max(map(_score, state["curve"]))
        state["curve"].append(point)
        state["seconds"] += time.monotonic() - started
        state["cpu_seconds"] += time.process_time() - cpu
        state["training_cpu_seconds"] += trained
        _save(model, state, folder, better=better)
    report(recipe.stints, recipe.stints)
    return Run(
        number=number,
        curve=state["curve"],
        best=_newest(folder) / BEST,
        seconds=state["seconds"],
        cpu_seconds=state["cpu_seconds"],
        training_cpu_seconds=state["training_cpu_seconds"],
        resumed=state["resumed"],
    )


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Lock the run's folder: a killed command can leave a process behind that still trains in it."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder.with_name(f"{folder.name}.lock"), timeout=0):
            yield
    except Timeout as error:
        raise SpaceHubError(
            f"Another process is training in {folder}.", "Wait until that process ends, or stop it."
        ) from error


def _begin(recipe: Recipe, env: Landers, folder: Path, number: int) -> tuple[BaseAlgorithm, dict]:
    """Return an untrained agent and its state, in an empty folder."""
    shutil.rmtree(folder)
    folder.mkdir()
    state = {"recipe": describe(recipe), "curve": [], "resumed": 0}
    times = {"seconds": 0.0, "cpu_seconds": 0.0, "training_cpu_seconds": 0.0}
    return agents.build(recipe, env, seed=number), state | times


def _score(point: dict) -> float:
    return point["validation_reward"]


def _measure(model: BaseAlgorithm, conditions: Conditions, validation: int, *, steps: int) -> dict:
    """Fly the validation seeds; return a point of the curve."""
    flights = evaluate(agents.policy_of(model), seeds=seeds.VALIDATION[:validation], conditions=conditions)
    recent = [episode["r"] for episode in model.ep_info_buffer]
    return {
        "steps": steps,
        "validation_reward": float(flights["total_reward"].mean()),
        "validation_std": float(flights["total_reward"].std(ddof=0)),
        "validation_landed": float((flights["outcome"] == "landed").mean()),
        "training_reward": float(np.mean(recent)) if recent else None,
    }


def _save(model: BaseAlgorithm, state: dict, folder: Path, *, better: bool) -> None:
    """Write the checkpoint as a folder and rename it into place, then remove the previous one."""
    before = _newest(folder)
    fresh = folder / ".new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    agents.save(model, fresh / CHECKPOINT)
    shutil.copyfile(fresh / CHECKPOINT if better else before / BEST, fresh / BEST)
    if isinstance(model, OffPolicyAlgorithm):
        model.save_replay_buffer(fresh / BUFFER)
    (fresh / STATE).write_text(json.dumps(state), encoding="utf-8")
    os.replace(fresh, folder / f"stint-{len(state['curve']):04d}")
    if before:
        shutil.rmtree(before)


def _newest(folder: Path) -> Path | None:
    return max(folder.glob("stint-*"), default=None)


def _resume(recipe: Recipe, env: Landers, folder: Path) -> tuple[BaseAlgorithm, dict] | None:
    """Read the newest checkpoint, if there is one and it belongs to this recipe."""
    newest = _newest(folder)
    if newest is None:
        return None
    state = json.loads((newest / STATE).read_text(encoding="utf-8"))
    if state["recipe"] != describe(recipe):
        return None
    model = agents.algorithm(recipe).load(newest / CHECKPOINT, env=env, device="cpu")
    if isinstance(model, OffPolicyAlgorithm):
        model.load_replay_buffer(newest / BUFFER)
    return model, state | {"resumed": state["resumed"] + (len(state["curve"]) < recipe.stints)}
