"""Compute the published numbers from the ONNX file and the fixed seeds alone, to publish and later to verify them."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd

from spacehub.models.lander import seeds
from spacehub.models.lander.evaluation import evaluate, summarise
from spacehub.models.lander.recipes import describe, preset_for
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

Report = Callable[[str, int, int], None]


def fly_all(
    folder: Path, *, test: int, report: Report = lambda stage, done, total: None
) -> dict[str, dict[str, pd.DataFrame]]:
    """Fly the first `test` test seeds with the agent of `folder` and the baselines, in calm air and in wind.

    All pilots use the same actions as the agent: the four discrete actions, or two throttles.

    Returns
    -------
    dict
        Flights as returned by `evaluation.evaluate`, by pilot and conditions.
    """
    trained = OnnxAgent(folder / "onnx" / "model.onnx")
    if trained.continuous:
        pilots = {"agent": trained, "heuristic": heuristic_throttles, "random": random_throttles()}
    else:
        pilots = {"agent": trained, "heuristic": heuristic, "random": random_agent()}
    flown: dict[str, dict[str, pd.DataFrame]] = {}
    for pilot, agent in pilots.items():
        for world, conditions in WORLDS.items():
            stage = f"counting flights, {pilot}, {world}"
            flown.setdefault(pilot, {})[world] = evaluate(
                agent,
                seeds=seeds.TEST[:test],
                conditions=replace(conditions, continuous=trained.continuous),
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
    """Return the headline numbers; the numbers for the agent's training conditions (`home`) come first.

    The keys of the numbers for other conditions end in the name of the conditions.
    """
    rows = []
    for world in sorted(WORLDS, key=lambda world: world != home):
        suffix = "" if world == home else f"_{world}"
        of = {pilot: worlds[world] for pilot, worlds in scores.items()}
        for key, name, better, value in (
            ("mean_reward", "Mean reward", "higher", lambda metric: metric["reward"]),
            (
                "std_reward",
                "Standard deviation of the reward",
                "lower",
                lambda metric: {"value": metric["std"]},
            ),
            ("landed", "Share landed", "higher", lambda metric: metric["outcomes"]["landed"]),
            ("fuel", "Fuel, in reward points", "lower", lambda metric: metric["fuel"]),
        ):
            of_agent = value(of["agent"])
            rows.append(
                {
                    "key": key + suffix,
                    "name": name,
                    "value": of_agent["value"],
                    "low": of_agent.get("low"),
                    "high": of_agent.get("high"),
                    "n": of["agent"]["n"],
                    "split": world,
                    "better": better,
                    "baseline": {pilot: value(of[pilot])["value"] for pilot in ("heuristic", "random")},
                }
            )
    return rows


def is_current(results: dict) -> bool:
    """Return whether a published agent was trained with its preset's current recipe."""
    try:
        preset = preset_for(
            results.get("algorithm"), results.get("preset"), wind=results.get("home") == "wind"
        )
    except KeyError:
        return False
    return results.get("recipe") == describe(preset.recipe)


def describe_world(conditions: Conditions) -> dict:
    """Return the options of the environment as the results store them."""
    return {"id": "LunarLander-v3"} | asdict(conditions)
