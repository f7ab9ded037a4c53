"""Train and evaluate title classifiers, from TF-IDF to a fine-tuned BERT, and publish the BERT with its card.

    python -m train_scripts.train_titles --preset quick
    torchrun --nproc_per_node 2 -m train_scripts.train_titles --preset quick

The script reads the dataset from the Hub at HF_ENDPOINT. The `quick` preset takes minutes, and `full` takes
most of an hour. `smoke` takes seconds and learns almost nothing. To continue an interrupted run from the last
checkpoint, run the same command again. The token in HF_TOKEN needs write access.
"""

import datetime
import json
import logging
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import transformers
import tyro
from accelerate import PartialState

from spacehub import cards, catalogue, progress
from spacehub.home import home
from spacehub.models import artefacts, feedback, provenance
from spacehub.models.process import Process
from spacehub.models.titles import (
    base,
    bert,
    cleaning,
    evaluation,
    explain,
    export,
    figures,
    gold,
    language,
    linear,
    networks,
    out_of_domain,
    report,
    reproduce,
    taught,
)
from spacehub.models.titles.recipes import PRESETS, Preset, PresetName, describe
from spacehub.models.titles.titles import Titles, load
from spacehub.models.tracking import Silent, tracker
from spacehub.publish import publish
from spacehub.script import friendly

KEY = "titles"
PACKAGES = [
    "transformers",
    "accelerate",
    "torch",
    "tokenizers",
    "scikit-learn",
    "onnx",
    "onnxruntime",
    "numpy",
    "huggingface-hub",
    "trackio",
    "vadersentiment",
    "matplotlib",
]


@dataclass
class Options:
    """Options for the training run."""

    preset: PresetName = "quick"
    """Preset that sets the number of titles and epochs."""
    base: str | None = None
    """Repository of the encoder to fine-tune (default: set by the preset)."""
    epochs: int | None = None
    """Number of fine-tuning epochs (default: set by the preset)."""
    seed: int = 0
    """Random seed for the whole run."""
    threads: int = os.cpu_count() or 1
    """Number of cores to use. Runs that use the same number of cores give bit-identical results."""
    track: bool = True
    """Store the training curves with trackio under SPACEHUB_HOME."""
    push: bool = True
    """Publish the model to the Hub. With --no-push, only write the artefact folder."""
    with_feedback: str | None = None
    """Also train on visitors' feedback from this dataset (see docs/feedback.md)."""
    output: Path | None = None
    """The artefact folder (default: artefacts/titles under SPACEHUB_HOME)."""


def train(options: Options) -> Path | None:
    """Train, evaluate and publish the model."""
    started, process, model = time.monotonic(), Process.of_environment(), catalogue.MODELS[KEY]
    preset = chosen(options)
    recipe, seed = preset.recipe, options.seed
    folder = options.output or home() / "artefacts" / KEY
    artefacts.require_replaceable(folder)
    visitors = feedback.load(options.with_feedback, KEY) if options.with_feedback else None
    kept = home() / "runs" / f"{KEY}-{options.preset}{f'-{visitors.commit[:8]}' if visitors else ''}"
    torch.set_num_threads(max(1, options.threads // process.count))

    def step(stage: str, done: int, total: int) -> None:
        if process.rank == 0:
            progress.report(KEY, stage, done, total)

    # 1. The base model from the Hub (uploaded first if it is missing), and the dataset at a pinned commit.
    with PartialState(cpu=not torch.cuda.is_available()).main_process_first():
        revision = base.provide(recipe.base)
    step("reading the dataset", 0, 1)
    whole = load(catalogue.DATASETS[model.dataset].repo_id)
    titles = whole.fewer(train=preset.titles, judged=preset.judged)
    step("cleaning the labels", 0, 1)
    out_of_fold = cleaning.cross_validated(titles, seed=seed)
    doubted = cleaning.find(titles, out_of_fold)
    cleaned = cleaning.apply(titles, doubted)
    lessons, used = taught.add(cleaned, visitors, whole) if visitors else (cleaned, 0)

    # 2. The BERT, fine-tuned from the base model.
    following = Silent()
    if process.rank == 0:
        name = f"{KEY}-{options.preset}"
        following = tracker(on=options.track, project="spacehub-titles", name=name, config=describe(recipe))
    fine_tuned, tokenizer, curve, learning = bert.fit(
        lessons,
        recipe=recipe,
        revision=revision,
        seed=seed,
        folder=kept / "bert",
        report=lambda done, total: step("fine-tuning, batches", done, total),
        tracker=following,
    )
    following.finish()
    if process.rank:
        return None

    # 3. The other models, on the same split.
    step("fitting the linear models", 0, 1)
    regression, strength = linear.fit(lessons, seed=seed)
    odds, smoothing = linear.naive_bayes(lessons)
    others = {"naive_bayes": odds} | {
        name: from_scratch(name, lessons, preset, kept, seed, step) for name in networks.NETWORKS
    }

    # 4. The artefact folder, which is complete before anything is pushed.
    held_out, test = cleaned.rows("validation"), titles.rows("test")
    with artefacts.replacing(folder) as fresh:
        step("writing the artefacts", 0, 1)
        reads = bert.reads(fine_tuned, recipe)
        known = bert.logits(fine_tuned, tokenizer, cleaned.texts[held_out], length=reads)
        labels = cleaned.labels[held_out]
        temperature = evaluation.temperature(known[:, 1] - known[:, 0], labels)
        threshold = evaluation.threshold(evaluation.chances(known, temperature), labels)
        export.calibrate(fine_tuned, temperature)
        prior = float(cleaned.labels[cleaned.rows("train")].mean())
        export.export(fine_tuned, tokenizer, fresh, length=reads, threshold=threshold, prior=prior)
        linear.write(regression, fresh / "linear" / "model.json")
        step("evaluating the test splits", 0, 1)
        chances = reproduce.judge(fresh, titles)
        thresholds = {reproduce.BERT: threshold, reproduce.LINEAR: regression.threshold}
        for key, margins in others.items():
            chances[key], thresholds[key] = reproduce.calibrated(margins, labels)
        reproduce.write(fresh / reproduce.PREDICTIONS, titles, chances)
        cleaning.write(doubted, fresh)
        test_chances = bert.logits(fine_tuned, tokenizer, titles.texts[test], length=reads)
        test_chances, models = evaluation.chances(test_chances), report.models(fresh, thresholds)
        results = {
            "key": KEY,
            "title": model.title,
            "created": datetime.date.today().isoformat(),
            "simulated": titles.simulated,
            "task": model.task,
            "dataset": report.dataset(titles, judged=preset.judged),
            **report.inputs(fresh, titles),
            "recipe": describe(recipe),
            "base_commit": revision,
            "bfloat16": bert.fast_bfloat16(),
            "parameters": sum(value.numel() for value in fine_tuned.parameters()),
            "temperature": temperature,
            "threshold": threshold,
            "prior": prior,
            "chosen": {"strength": strength, "smoothing": smoothing, "epochs": preset.epochs_from_scratch},
            "metrics": report.beside_baseline(models),
            "models": models,
            **gold.report(reproduce.read(fresh / reproduce.PREDICTIONS), models),
            "onnx": report.onnx(fresh, titles, test_chances, chances[reproduce.BERT][: len(test)], threshold),
            **report.where_it_fails(titles, chances, thresholds),
            "shortcut": report.shortcut(fresh, titles, regression, chances, thresholds),
            "disagreements": report.disagreements(fresh, titles, out_of_fold[: len(titles.rows("train"))]),
            "cleaning": cleaning.report(titles, doubted),
            **({"feedback": visitors.report(used)} if visitors else {}),
            "examples": report.sentences(fresh, threshold),
            **out_of_domain.report(fresh, regression, thresholds),
            "curve": curve,
            "preset": options.preset,
            "seed": seed,
            "processes": process.count,
            "threads": options.threads,
            "command": command(options),
            "versions": provenance.versions(PACKAGES),
            "hardware": provenance.hardware(),
        }
        if "gold" in results:
            shutil.copyfile(gold.PATH, fresh / gold.PATH.name)
        (fresh / "figures").mkdir()
        step("drawing figures", 0, 1)
        results |= language.describe(
            fresh, titles, base=recipe.base, revision=revision, length=recipe.length, seed=seed
        )
        figures.draw(
            fresh / "figures",
            results=results,
            linear=regression,
            chances={key: item[: len(test)] for key, item in chances.items()},
            labels=titles.labels[test],
            attributions=[
                explain.occlusion(lambda texts: export.run(fresh, "model.onnx", texts), text)
                for text in report.SENTENCES
            ],
        )
        seconds = time.monotonic() - started
        results |= {"wall_time_s": round(seconds, 1), "training_time_s": round(learning, 1)}
        results["emissions"] = provenance.emissions(max(seconds, learning), cores=options.threads)
        text = json.dumps(results, indent=1, ensure_ascii=False, allow_nan=False)
        (fresh / "results.json").write_text(text + "\n", encoding="utf-8")
        (fresh / "README.md").write_text(cards.render(KEY, fresh), encoding="utf-8")
    shutil.rmtree(kept)
    headline = next(item for item in results["metrics"] if item["key"] == model.headline)
    kind = "SIMULATED titles" if titles.simulated else "titles"
    word = f"F1 of space {headline['value']:.3f} on {headline['n']} {kind}"
    print(f"[{KEY}] {word}; wrote {folder} in {seconds:.0f} s", flush=True)

    # 5. One commit on the Hub.
    if options.push:
        sha = publish(KEY, folder, message=f"BERT: {word}")
        print(f"[{KEY}] published as {model.repo_id} at {sha[:8]}", flush=True)
    return folder


def chosen(options: Options) -> Preset:
    """Return the preset with the changes from the command-line options."""
    given = {name: getattr(options, name) for name in ("base", "epochs")}
    preset = PRESETS[options.preset]
    changed = {name: value for name, value in given.items() if value is not None}
    return replace(preset, recipe=replace(preset.recipe, **changed))


def command(options: Options) -> str:
    """Return the command line that repeats this run."""
    settings = {
        "preset": options.preset,
        "base": options.base,
        "epochs": options.epochs,
        "seed": options.seed,
        "with-feedback": options.with_feedback,
    }
    given = " ".join(f"--{name} {value}" for name, value in settings.items() if value is not None)
    return f"python -m train_scripts.train_titles {given}"


def from_scratch(
    name: str, titles: Titles, preset: Preset, kept: Path, seed: int, step: Callable
) -> dict[str, np.ndarray]:
    """Train a network from scratch, or read the predictions stored by an interrupted run."""
    path = kept / f"{name}-{titles.commit[:8]}-{seed}.npz"
    if not path.exists():
        odds = networks.fit(
            name,
            titles,
            epochs=preset.epochs_from_scratch,
            seed=seed,
            report=lambda done, total: step(f"{name}, epochs", done, total),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new.npz")
        np.savez(temporary, **odds)
        os.replace(temporary, path)
    return dict(np.load(path))


def main() -> None:
    """Train the title model with the options given on the command line."""
    options = tyro.cli(Options, description=__doc__)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    # Otherwise, transformers would warn that the classifier's weights are new, which is intended, and would show
    # progress bars between our lines.
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    with friendly(KEY):
        train(options)


if __name__ == "__main__":
    main()
