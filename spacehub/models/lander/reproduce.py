"""The published numbers from the ONNX file and the fixed seeds alone: once to publish, once to verify."""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.models.lander import seeds
from spacehub.models.lander.evaluation import evaluate, summarise
from spacehub.models.lander.recipes import PRESETS, describe
from spacehub.serving.lander.agents import (
    OnnxAgent,
    heuristic,
    heuristic_throttles,
    random_agent,
    random_throttles,
)
from spacehub.serving.lander.conditions import Conditions

CALM = Conditions()
WINDY = Conditions(wind_power=15.0, turbulence_power=1.5)
WORLDS = {"calm": CALM, "wind": WINDY}
# How close flights flown again must come: to all digits that the CSV holds.
AGREEMENT = 1e-6

Report = Callable[[str, int, int], None]


def fly_all(
    folder: Path, *, test: int, report: Report = lambda stage, done, total: None
) -> dict[str, dict[str, pd.DataFrame]]:
    """Fly the first `test` test seeds with the agent of `folder` and the baselines, calm and under wind.

    All of them have the engines that the agent steers: four, or two throttles.

    Returns
    -------
    dict
        Flights as `evaluation.evaluate` gives them, by pilot and conditions.
    """
    own = OnnxAgent(folder / "onnx" / "model.onnx")
    if own.continuous:
        pilots = {"agent": own, "heuristic": heuristic_throttles, "random": random_throttles()}
    else:
        pilots = {"agent": own, "heuristic": heuristic, "random": random_agent()}
    flown: dict[str, dict[str, pd.DataFrame]] = {}
    for pilot, agent in pilots.items():
        for world, conditions in WORLDS.items():
            stage = f"counting flights, {pilot}, {world}"
            flown.setdefault(pilot, {})[world] = evaluate(
                agent,
                seeds=seeds.TEST[:test],
                conditions=replace(conditions, continuous=own.continuous),
                step=lambda done, total, stage=stage: report(stage, done, total),
            )
    return flown


def summaries(flown: dict[str, dict[str, pd.DataFrame]]) -> dict[str, dict[str, dict]]:
    """Return the scores of `fly_all`'s flights, by pilot and conditions."""
    return {
        pilot: {world: summarise(flights) for world, flights in worlds.items()}
        for pilot, worlds in flown.items()
    }


def metrics(scores: dict[str, dict[str, dict]], home: str) -> list[dict]:
    """Return the headline numbers, those of the conditions that the agent was trained in (`home`) first.

    The keys of the other conditions end in their name.
    """
    found = []
    for world in sorted(WORLDS, key=lambda world: world != home):
        suffix = "" if world == home else f"_{world}"
        of = {pilot: worlds[world] for pilot, worlds in scores.items()}
        for key, name, better, value in (
            ("mean_reward", "Mean reward", "higher", lambda one: one["reward"]),
            ("std_reward", "Standard deviation of the reward", "lower", lambda one: {"value": one["std"]}),
            ("landed", "Share landed", "higher", lambda one: one["outcomes"]["landed"]),
            ("fuel", "Fuel, in points of reward", "lower", lambda one: one["fuel"]),
        ):
            own = value(of["agent"])
            found.append(
                {
                    "key": key + suffix,
                    "name": name,
                    "value": own["value"],
                    "low": own.get("low"),
                    "high": own.get("high"),
                    "n": of["agent"]["n"],
                    "split": world,
                    "better": better,
                    "baseline": {pilot: value(of[pilot])["value"] for pilot in ("heuristic", "random")},
                }
            )
    return found


def is_current(results: dict) -> bool:
    """Tell whether a published agent was trained by the recipe that its preset stands for now."""
    preset = PRESETS.get((results.get("algorithm"), results.get("preset")))
    return preset is not None and results.get("recipe") == describe(preset.recipe)


def describe_world(conditions: Conditions) -> dict:
    """Return the options of the environment as the results hold them."""
    return {"id": "LunarLander-v3"} | asdict(conditions)


def recompute(folder: Path, results: dict) -> Iterator[tuple[str, float | str, float | str]]:
    """Fly all counted flights again; yield what the card states and what is found, by name.

    The zip is never unpickled: only its tensors are read, and held against those of the ONNX file.

    Parameters
    ----------
    folder : Path
        The published artefact folder.
    results : dict
        Its ``results.json``.
    """
    flown = fly_all(folder, test=results["seeds"]["test"]["n"])
    found = summaries(flown)
    for pilot, worlds in results["scores"].items():
        for world, stated in worlds.items():
            yield from _compare(f"{pilot}, {world}", stated, found[pilot][world])
    for stated, again in zip(results["metrics"], metrics(found, results["home"]), strict=True):
        yield f"headline {stated['key']}", stated["value"], again["value"]
    published = pd.read_csv(folder / "flights.csv")
    again = pd.concat([flights.assign(conditions=world) for world, flights in flown["agent"].items()])
    gap = np.abs(published["total_reward"].to_numpy() - again["total_reward"].to_numpy()).max()
    yield "flights.csv", "agrees", "agrees" if gap <= AGREEMENT else f"differs by {gap:.2g}"
    foreign = different_weights(folder, results["files"]["zip"])
    yield "zip and ONNX", "same weights", "same weights" if not foreign else f"differ in {', '.join(foreign)}"


def _compare(name: str, stated: dict, found: dict) -> Iterator[tuple[str, float, float]]:
    for key, value in stated.items():
        if isinstance(value, dict):
            yield from _compare(f"{name}: {key}", value, found[key])
        else:
            yield f"{name}: {key}", float(value), float(found[key])


def different_weights(folder: Path, name: str) -> list[str]:
    """Return the weights of the ONNX file that the zip's ``policy.pth`` lacks or holds other values of."""
    import onnx
    import torch
    from onnx import numpy_helper

    with zipfile.ZipFile(folder / name) as archive, archive.open("policy.pth") as file:
        tensors = torch.load(file, weights_only=True, map_location="cpu")
    weights = onnx.load(folder / "onnx" / "model.onnx").graph.initializer
    held = {weight.name: numpy_helper.to_array(weight) for weight in weights}
    return [
        key
        for key, values in held.items()
        if "." in key and not (key in tensors and np.array_equal(tensors[key].numpy(), values))
    ]
