"""Prove a lander from fixed seeds: repeat every counted flight, compare its zip and ONNX file, redraw its figures."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
from onnx import numpy_helper

from spacehub import catalogue
from spacehub.models.lander import agents, export, figures, reproduce, seeds
from spacehub.models.lander.archive import read_tensors
from spacehub.models.lander.environment import Landers
from spacehub.models.lander.recipes import describe, preset_for
from spacehub.models.proof import (
    FAILED,
    OF_THE_RUN,
    OK,
    PROVENANCE,
    Finding,
    Unproven,
    agree,
    close,
    compare,
    pictures,
    same_drawing_library,
)
from spacehub.serving.lander.agents import OnnxAgent
from spacehub.serving.lander.batch import fly_many
from spacehub.serving.lander.video import write_video

NAMES = {"ppo": "PPO", "dqn": "DQN"}
REPLAYED = seeds.TEST[:6]
# Of a pixel's 256 levels, averaged over the video: the largest allowed difference to another encoder.
PIXELS = 3.0


def declared(results: dict) -> set[str]:
    """Return the files that the repository may hold besides its card, results and figures."""
    name = catalogue.MODELS[results["key"]].repo_name
    return {f"{name}.zip", "config.json", "flights.csv", "onnx/model.onnx", "replay.mp4"}


def prove(key: str, folder: Path, results: dict, rows: None, *, retrain: bool) -> Iterator[Finding]:
    """Recompute everything that the card of `key` claims; yield a finding for each claim.

    Training takes hours, so its curves are reported as not verified, and `retrain` has no effect.

    Parameters
    ----------
    folder : Path
        The published artefact folder.
    results : dict
        Its ``results.json``.
    rows : None
        None, because there is no dataset.
    """
    model = catalogue.MODELS[key]
    algorithm = "dqn" if "dqn" in model.options else "ppo"
    home = "wind" if "--wind" in model.options else "calm"
    conditions = replace(reproduce.WORLDS[home], continuous="--continuous" in model.options)
    preset = preset_for(algorithm, results["preset"], wind=home == "wind")

    # 1. The files.
    archive = f"{model.repo_name}.zip"
    try:
        tensors = read_tensors(folder / archive)
    except Exception as error:  # torch, zipfile and json each raise their own exception types
        fix = "Do not load it: PPO.load and DQN.load would execute the code in it."
        yield Finding(archive, FAILED, " ".join(str(error).split())[:300], fix)
        return
    yield Finding(archive, OK, "scanned without unpickling; the pickled parts refer only to known classes")
    yield from same_weights(folder, archive, tensors)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    wanted = {"algorithm": NAMES[algorithm], "environment": reproduce.describe_world(conditions)}
    wanted |= {"hyperparameters": describe(preset.recipe), "preset": results["preset"]}
    yield agree("config.json", config, wanted)

    # 2. Repeat every flight, and recompute every value of results.json.
    flown = reproduce.fly_all(folder, test=preset.test)
    yield from _flights(folder / "flights.csv", flown["agent"])
    replay = fly_many(OnnxAgent(folder / "onnx" / "model.onnx"), seeds=REPLAYED, conditions=conditions)
    scores = reproduce.summaries(flown)
    runs = results["runs"]
    stated = results["seeds"]
    recomputed = {
        **{name: Unproven(reason) for name, reason in PROVENANCE.items() if name in results},
        "key": key,
        "title": model.title,
        "task": model.task,
        "algorithm": algorithm,
        "home": home,
        "environment": reproduce.describe_world(conditions),
        "recipe": describe(preset.recipe),
        "seeds": {
            "test": _span(seeds.TEST[: preset.test]),
            "validation": _span(seeds.VALIDATION[: preset.validation]),
            "training": {"first": seeds.training(0, 0), "runs": len(runs)},
        },
        "chosen": Unproven(OF_THE_RUN),
        "runs": Unproven(OF_THE_RUN),
        "metrics": reproduce.metrics(scores, home),
        "scores": scores,
        "replay": [
            {"seed": flight.seed, "outcome": flight.outcome, "reward": flight.total_reward}
            for flight in replay
        ],
        "onnx": export.agreement(_agent(preset.recipe, conditions, tensors), folder, conditions),
        "files": {"zip": archive, "onnx": "onnx/model.onnx"},
        "preset": results["preset"],
    }
    if "known" in results:  # older models do not have it
        recomputed["known"] = export.known_answers(folder, conditions)
    yield from compare(results, recomputed, tolerances={"known.*": 1e-3})
    yield agree("runs, counted", stated["training"]["runs"], len(runs))

    # 3. The video and the figures.
    with tempfile.TemporaryDirectory() as scratch:
        again = Path(scratch) / "replay.mp4"
        write_video(replay, again, names=[NAMES[algorithm]] * len(replay))
        yield _same_video(folder / "replay.mp4", again)
        drawn = Path(scratch) / "figures"
        drawn.mkdir()
        figures.draw(runs, flown, results | {"scores": scores}, drawn)
        yield from pictures(
            folder / "figures",
            drawn,
            same_version=same_drawing_library(results),
            resting={"learning_curve.png": OF_THE_RUN},
        )


def _span(span: range) -> dict:
    return {"first": span[0], "last": span[-1], "n": len(span)}


def _agent(recipe, conditions, tensors: dict[str, np.ndarray]):
    """Build the agent of `recipe`, as Stable-Baselines3 does, with these weights."""
    import torch

    env = Landers(recipe.envs, conditions)
    agent = agents.build(recipe, env, seed=0)
    agent.policy.load_state_dict({name: torch.from_numpy(value) for name, value in tensors.items()})
    env.close()
    return agent


def same_weights(folder: Path, archive: str, tensors: dict[str, np.ndarray]) -> Iterator[Finding]:
    """Compare the ONNX file with the one exported from the zip's weights."""
    weights = onnx.load(folder / "onnx" / "model.onnx").graph.initializer
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in weights if "." in tensor.name}
    foreign = [
        name for name, values in held.items() if not np.array_equal(tensors.get(name, np.empty(0)), values)
    ]
    stated = f"different weights in {', '.join(foreign[:3])}" if foreign or not held else "the same weights"
    yield agree(f"onnx/model.onnx, compared with {archive}", stated, "the same weights")


def _flights(path: Path, flown: dict[str, pd.DataFrame]) -> Iterator[Finding]:
    published = pd.read_csv(path)
    again = pd.concat(
        [flights.assign(conditions=world) for world, flights in flown.items()], ignore_index=True
    )
    words = ["seed", "outcome", "steps", "conditions"]
    same = list(published) == list(again) and published[words].equals(again[words])
    yield agree("flights.csv, seeds and outcomes", "agree" if same else "differ", "agree")
    if same:
        for name in ("total_reward", "fuel"):
            yield close(f"flights.csv, {name}", published[name], again[name], tolerance=1e-5)


def _same_video(published: Path, again: Path) -> Finding:
    """Compare two videos frame by frame; identical bytes need no decoding."""
    name = "replay.mp4"
    if published.read_bytes() == again.read_bytes():
        return Finding(name, OK, "rendered again with identical bytes")
    try:
        gap = _largest_gap(published, again)
    except (OSError, ValueError) as error:  # this includes av's errors
        return Finding(name, FAILED, f"the video cannot be read: {error}")
    if gap is None:
        return Finding(
            name, FAILED, "the tracks, size or length differ from those of a new video of these flights"
        )
    if gap > PIXELS:
        return Finding(name, FAILED, "the video does not show this agent's flights with these seeds")
    return Finding(name, OK, f"rendered again; frames differ by at most {gap:.1f} of 256 on average")


def _largest_gap(published: Path, again: Path) -> float | None:
    """Return the largest mean difference of a frame, or None if the frames cannot be paired."""
    import av

    gap = 0.0
    with av.open(str(published)) as old, av.open(str(again)) as new:
        if [track.type for track in old.streams] != [track.type for track in new.streams]:
            return None
        old_track, new_track = old.streams.video[0], new.streams.video[0]
        if (old_track.width, old_track.height, old_track.frames) != (
            new_track.width,
            new_track.height,
            new_track.frames,
        ):
            return None
        for first, second in zip(old.decode(old_track), new.decode(new_track), strict=True):
            apart = first.to_ndarray(format="gray").astype(float) - second.to_ndarray(format="gray")
            gap = max(gap, float(np.abs(apart).mean()))
    return gap
