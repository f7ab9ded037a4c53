"""Train a network from timm to classify land use in aerial images, evaluate it, and publish it with its card.

    python -m train_scripts.train_satellite --preset quick
    torchrun --nproc_per_node 2 -m train_scripts.train_satellite --preset quick

The script reads the dataset from the Hub at HF_ENDPOINT. The `quick` preset takes minutes. `full` also trains a
network for each of five folds. `smoke` takes seconds and learns almost nothing. To continue an interrupted run
from the last checkpoint, run the same command again. ``--sweep 20`` first tunes the hyperparameters with
Optuna. The token in HF_TOKEN needs write access.
"""

import datetime
import json
import logging
import os
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import torch
import tyro

from spacehub import cards, catalogue, progress
from spacehub.home import home
from spacehub.models import artefacts, feedback, provenance, sweep
from spacehub.models.process import Process
from spacehub.models.satellite import (
    doubts,
    evaluation,
    figures,
    folds,
    inputs,
    network,
    pictures,
    reproduce,
    rivals,
    taught,
    training,
    tuning,
    weights,
)
from spacehub.models.satellite.export import agreement, calibrate, export, known_answers
from spacehub.models.satellite.recipes import PRESETS, Preset, PresetName, describe
from spacehub.models.tracking import Silent, tracker
from spacehub.publish import publish
from spacehub.script import friendly

KEYS = {"eurosat-rgb": "satellite", "uc-merced": "satellite-uc-merced"}
PACKAGES = [
    "timm",
    "torch",
    "onnx",
    "onnxruntime",
    "numpy",
    "pillow",
    "matplotlib",
    "huggingface-hub",
    "optuna",
    "trackio",
]


@dataclass
class Options:
    """Options for the training run."""

    data: Literal["eurosat-rgb", "uc-merced"] = "eurosat-rgb"
    """The dataset to train on. The script publishes a separate model for each dataset."""
    preset: PresetName = "quick"
    """Preset that sets the number of epochs, folds and comparison models."""
    architecture: str | None = None
    """A timm architecture (default: set by the preset)."""
    weights: str | None = None
    """Initial weights: imagenet, scratch, or a repository in timm's format (default: set by the preset)."""
    size: int | None = None
    """Width and height of the network's input in pixels (default: set by the preset)."""
    epochs: int | None = None
    """Number of epochs (default: set by the preset)."""
    seed: int = 0
    """Random seed for the whole run."""
    threads: int = os.cpu_count() or 1
    """Number of cores to use. Runs that use the same number of cores give bit-identical results."""
    sweep: int = 0
    """Number of Optuna trials for the hyperparameter search before training. If the search is interrupted, the next run continues it."""
    track: bool = True
    """Store the training curve with trackio under SPACEHUB_HOME."""
    push: bool = True
    """Publish the model to the Hub. With --no-push, only write the artefact folder."""
    with_feedback: str | None = None
    """Also train on visitors' feedback from this dataset (see docs/feedback.md)."""
    output: Path | None = None
    """The artefact folder (default: artefacts/<model> under SPACEHUB_HOME)."""

    @property
    def key(self) -> str:
        """Return the catalogue key of the model."""
        return KEYS[self.data]


def train(options: Options) -> Path | None:
    """Train, evaluate and publish the model."""
    started, process = time.monotonic(), Process.of_environment()
    key, model = options.key, catalogue.MODELS[options.key]
    preset = chosen(options)
    recipe = preset.recipe
    folder = options.output or home() / "artefacts" / key
    artefacts.require_replaceable(folder)
    sweep.require_possible(options.sweep)
    visitors = feedback.load(options.with_feedback, key) if options.with_feedback else None
    kept = home() / "runs" / f"{key}-{options.preset}{f'-{visitors.commit[:8]}' if visitors else ''}"
    opponents = rivals.runnable(preset.rivals, key=key)
    torch.set_num_threads(max(1, options.threads // process.count))

    def step(stage: str, done: int, total: int) -> None:
        if process.rank == 0:
            progress.report(key, stage, done, total)

    # 1. The data: the dataset at a pinned commit, resized to the network's input.
    step("reading the dataset", 0, 1)
    shown = pictures.load(catalogue.DATASETS[options.data].repo_id, size=recipe.size)
    rows = shown.rows("train", most=preset.pictures, seed=options.seed)
    pixels, labels, used = shown.pixels[rows], shown.labels[rows], 0
    if visitors:
        pixels, labels, used = taught.add(shown, rows, visitors, size=recipe.size)

    # 2. The hyperparameter search on the validation split, if requested.
    searched = {}
    if options.sweep:
        trying = tracker(
            on=options.track,
            project="spacehub-satellite",
            name=f"{key}-{options.preset}-sweep",
            config=describe(recipe),
        )
        recipe, tried = tuning.search(
            shown,
            pixels,
            labels,
            recipe=recipe,
            trials=options.sweep,
            seed=options.seed,
            folder=kept / "sweep",
            facts=[shown.id, shown.commit, len(pixels)],
            report=lambda done, total: step("search, trials", done, total),
            tracker=trying,
        )
        trying.finish()
        searched = {"sweep": sweep.results(tried, space=tuning.SPACE, score=tuning.SCORE)}

    # 3. The published network, trained only on the training split.
    classes = len(shown.names)
    torch.manual_seed(options.seed)
    fresh_network = network.create(recipe.architecture, classes, size=recipe.size, drop=recipe.drop)
    begun = weights.load(fresh_network, recipe.weights, architecture=recipe.architecture)
    validation, test = shown.rows("validation"), shown.rows("test")
    following = Silent()
    if process.rank == 0:
        name = f"{key}-{options.preset}"
        following = tracker(
            on=options.track, project="spacehub-satellite", name=name, config=describe(recipe)
        )
    trained, curve, learning = training.fit(
        fresh_network,
        pixels,
        labels,
        classes=classes,
        recipe=recipe,
        seed=options.seed,
        checkpoint=kept / "network.pt",
        report=lambda done, total: step("training, epochs", done, total),
        tracker=following,
        held_out=(shown.pixels[validation], shown.labels[validation]),
        process=process,
    )
    following.finish()
    if process.rank:
        return None

    # 4. The cross-validation of the recipe. Each network classifies images that it was not trained on.
    judged, compared = None, []
    if preset.folds:
        judged = folds.judge(
            shown,
            recipe,
            range(preset.folds),
            seed=options.seed,
            folder=kept / "folds",
            jobs=options.threads,
            report=lambda done, total: step("cross-validation, epochs", done, total),
        )
        compared = rivals.compare(
            opponents,
            shown,
            judged,
            seed=options.seed,
            folder=kept / "rivals",
            report=lambda name, done, total: step(f"{name}, epochs", done, total),
        )

    # 5. The artefact folder, which is complete before anything is pushed.
    with artefacts.replacing(folder) as fresh:
        step("writing the artefacts", 0, 1)
        validated = training.logits(trained, shown.pixels[validation])
        temperature = evaluation.temperature(validated, shown.labels[validation])
        calibrate(trained, temperature)
        export(
            trained,
            fresh,
            names=shown.names,
            size=recipe.size,
            metres_a_pixel=shown.metres_a_pixel,
            calibration=shown.pixels[rows],
        )
        known = doubts.fit(shown)
        doubts.add(fresh, known)
        if judged:
            files, labels = shown.files[judged[0]], shown.labels[judged[0]]
            path = fresh / "cross_validation.csv"
            reproduce.write_judged(path, files, labels, logit=judged[1], averaged=judged[2])
        test_logits = training.logits(trained, shown.pixels[test])
        metrics = reproduce.measure(fresh, shown)
        results = {
            "key": key,
            "title": model.title,
            "created": datetime.date.today().isoformat(),
            "simulated": shown.simulated,
            "task": model.task,
            "dataset": {
                "id": shown.id,
                "commit": shown.commit,
                "config": shown.config,
                "rows": len(shown.labels),
                "trained_on": len(rows),
                "validation": len(validation),
                "test": len(test),
            },
            "classes": shown.names,
            "example": shown.example,
            "metres_a_pixel": shown.metres_a_pixel,
            "side": shown.side,
            "recipe": describe(recipe),
            **searched,
            "begun": begun,
            "parameters": sum(value.numel() for value in trained.parameters()),
            "metrics": metrics,
            "by_class": evaluation.by_class(test_logits, shown.labels[test], shown.names),
            "temperature": temperature,
            "reliability": evaluation.reliability(test_logits, shown.labels[test]),
            "doubts": doubts.rates(known, shown),
            **inputs.report(shown),
            "folds": preset.folds,
            "rivals": compared,
            "curve": curve,
            "onnx": {
                "fp32": agreement(fresh / "onnx" / "model.onnx", shown.pixels[test], test_logits),
                "int8": agreement(fresh / "onnx" / "model_int8.onnx", shown.pixels[test], test_logits),
            },
            **({"feedback": visitors.report(used)} if visitors else {}),
            "known": known_answers(fresh, shown.pixels[test], shown.names),
            "preset": options.preset,
            "seed": options.seed,
            "processes": process.count,
            "threads": options.threads,
            "command": " ".join(
                [
                    "python -m train_scripts.train_satellite",
                    *model.options,
                    "--preset",
                    options.preset,
                    *(["--sweep", str(options.sweep)] if options.sweep else []),
                    *(["--with-feedback", options.with_feedback] if options.with_feedback else []),
                ]
            ),
            "versions": provenance.versions(PACKAGES),
            "hardware": provenance.hardware(),
        }
        (fresh / "figures").mkdir()
        figures.draw(shown, test_logits, results, fresh / "figures")
        seconds = max(learning, time.monotonic() - started)
        results |= {"wall_time_s": round(seconds, 1), "training_time_s": round(learning, 1)}
        results["emissions"] = provenance.emissions(seconds, cores=options.threads)
        text = json.dumps(results, indent=1, ensure_ascii=False, allow_nan=False)
        (fresh / "results.json").write_text(text + "\n", encoding="utf-8")
        (fresh / "README.md").write_text(cards.render(key, fresh), encoding="utf-8")
    shutil.rmtree(kept)
    headline = next(metric for metric in metrics if metric["key"] == model.headline)
    word = (
        f"{100 * headline['value']:.1f} % of {headline['n']} "
        f"{'SIMULATED ' if shown.simulated else ''}images classified correctly"
    )
    print(f"[{key}] {word}; wrote {folder} in {seconds:.0f} s", flush=True)

    # 6. One commit on the Hub.
    if options.push:
        sha = publish(key, folder, message=f"{recipe.architecture}: {word}")
        print(f"[{key}] published as {model.repo_id} at {sha[:8]}", flush=True)
    return folder


def chosen(options: Options) -> Preset:
    """Return the preset with the changes from the command-line options."""
    given = {name: getattr(options, name) for name in ("architecture", "weights", "size", "epochs")}
    preset = PRESETS[options.preset]
    changed = {name: value for name, value in given.items() if value is not None}
    return replace(preset, recipe=replace(preset.recipe, **changed))


def main() -> None:
    """Train the satellite model with the options given on the command line."""
    options = tyro.cli(Options, description=__doc__)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    with friendly(options.key):
        train(options)


if __name__ == "__main__":
    main()
