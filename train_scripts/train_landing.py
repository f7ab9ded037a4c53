"""Train four candidate classifiers on falcon9-landings, choose one, evaluate it, and publish it with its card.

    python -m train_scripts.train_landing

The script reads the dataset from the Hub at HF_ENDPOINT. Training takes three minutes of CPU time, or two to
three minutes on two cores. ``--preset quick`` uses fewer folds and takes seconds. ``--sweep 20`` tunes the
hyperparameters with Optuna. The token in HF_TOKEN needs write access.
"""

import datetime
import json
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import tyro
from threadpoolctl import threadpool_limits

from spacehub import cards, catalogue, progress
from spacehub.home import home
from spacehub.models import artefacts, provenance, sweep, training_data
from spacehub.models.landing import export, figures, make_flights, payload, report, reproduce, storage
from spacehub.models.landing.candidates import TITLES
from spacehub.models.landing.choice import RULE, choose, compare
from spacehub.models.landing.coefficients import coefficients
from spacehub.models.landing.evaluation import PRESETS, search
from spacehub.models.landing.features import FEATURES, NAMES, inputs
from spacehub.publish import publish
from spacehub.script import friendly

KEY = "landing"
PACKAGES = [
    "scikit-learn",
    "optuna",
    "skops",
    "skl2onnx",
    "onnxruntime",
    "numpy",
    "pandas",
    "matplotlib",
    "datasets",
    "huggingface-hub",
]


@dataclass
class Options:
    """Options for the training run."""

    preset: Literal["full", "quick", "smoke"] = "full"
    """Preset that sets the number of folds, repeats and trees. Use `quick` to try out the script, and `smoke` only to test the software."""
    seed: int = 0
    """Random seed for the folds, the forests and the bootstrap."""
    sweep: int = 0
    """Number of Optuna trials for tuning each candidate model. The trials replace the grid search. If the search is interrupted, the next run continues it."""
    push: bool = True
    """Publish the model to the Hub. With --no-push, only write the artefact folder."""
    output: Path | None = None
    """The artefact folder (default: artefacts/landing under SPACEHUB_HOME)."""


def train(options: Options) -> Path:
    """Train, evaluate and publish the model."""
    started = time.monotonic()
    seed, model, kept = options.seed, catalogue.MODELS[KEY], home() / "runs" / f"{KEY}-{options.preset}"
    plan = replace(PRESETS[options.preset], trials=options.sweep, searches=kept)
    folder = options.output or home() / "artefacts" / KEY
    artefacts.require_replaceable(folder)
    sweep.require_possible(options.sweep)

    def step(stage: str, done: int, total: int) -> None:
        progress.report(KEY, stage, done, total)

    def begin(stage: str) -> Callable[[int, int], None]:
        step(stage, 0, 1)
        return lambda done, total: step(stage, done, total)

    # 1. The data: the dataset at a pinned commit, one row per landing attempt.
    step("reading the dataset", 0, 1)
    data = training_data.load(catalogue.DATASETS[model.dataset].repo_id)
    flights = make_flights(data.table)
    failures = int((~flights["landed"]).sum())
    print(
        f"[{KEY}] {len(flights)} attempts, {failures} failures, from {data.id} at {data.commit[:8]}",
        flush=True,
    )

    # 2. Out-of-sample forecasts of the four candidates, and the choice among them.
    forecasts = reproduce.forecast(flights, list(TITLES), plan=plan, seed=seed, report=step)
    samples = reproduce.samples(flights, forecasts, plan=plan, seed=seed)
    chosen = choose(samples[0], forecasts[0].chances)
    chances = forecasts[0].chances[chosen]
    metrics = reproduce.metrics(flights, chosen, forecasts, samples)

    # 3. The published model, which is tuned again on all flights.
    step("refitting the chosen model", 0, 1)
    fitted = search(chosen, plan=plan, seed=seed).fit(flights[list(NAMES)], flights["landed"].astype(int))
    landed, mean_chance = flights["landed"].to_numpy(), chances.mean(axis=0)
    on_step = begin("measuring variants")
    variants = report.variants(data.table, fitted, chosen, plan=plan, seed=seed, step=on_step)
    on_step = begin("measuring importance")
    importance = report.importance(flights, fitted.best_estimator_, plan=plan, seed=seed, step=on_step)

    # 4. The additional model, which predicts the payload mass.
    on_step = begin("payload regression")
    launches = payload.make_launches(data.table)
    mass = payload.search(plan=plan, seed=seed).fit(
        launches[list(payload.FEATURES)], launches["payload_mass_kg"]
    )
    mass_measured = payload.evaluate(launches, plan=plan, seed=seed, step=on_step)

    # 5. The artefact folder, which is complete before anything is pushed.
    with artefacts.replacing(folder) as fresh:
        step("writing the artefacts", 0, 1)
        exported = export(fitted.best_estimator_, flights, chances, fresh)
        mass_difference = payload.export(mass.best_estimator_, launches, fresh)
        (fresh / "figures").mkdir()
        results = {
            "key": KEY,
            "title": model.title,
            "created": datetime.date.today().isoformat(),
            "simulated": data.simulated,
            "dataset": {
                "id": data.id,
                "commit": data.commit,
                "config": data.config,
                "rows": len(data.table),
                "used": len(flights),
                "failures": failures,
                "first": str(flights["date_utc"].min().date()),
                "last": str(flights["date_utc"].max().date()),
            },
            "task": model.task,
            "rule": RULE,
            "splits": report.describe_splits(len(flights), plan),
            "chosen": {
                "key": chosen,
                "name": TITLES[chosen],
                "hyperparameters": report.plain(fitted.best_params_),
            },
            "hyperparameters": report.plain(fitted.best_params_),
            "oldest_scikit_learn": storage.OLDEST[chosen],
            "grids": report.grids(plan),
            **report.searched(fitted),
            "metrics": metrics,
            "candidates": compare(samples[0], forecasts[0].chances, chosen=chosen),
            "candidates_ordered": compare(samples[1], forecasts[1].chances, chosen=chosen),
            "chosen_inside": {
                key: samples[0].describe(key, forecasts[0].chosen_inside())
                for key in ("pr_auc_failures", "brier")
            },
            "reliability": report.reliability_bins(landed, mean_chance),
            "warnings": report.warnings(landed, mean_chance),
            "importance": importance,
            "coefficients": coefficients(fitted.best_estimator_),
            "variants": variants,
            "features": [asdict(feature) for feature in FEATURES],
            "example": {entry["name"]: entry["default"] for entry in inputs(flights)["features"]},
            **exported,
            "payload": {
                **mass_measured,
                "features": payload.FEATURES,
                "hyperparameters": report.plain(mass.best_params_),
                "onnx": {"n": len(launches), "max_abs_difference_kg": mass_difference},
            },
            "preset": options.preset,
            "seed": seed,
            "command": command(options),
            "versions": provenance.versions(PACKAGES),
            "hardware": provenance.hardware(),
        }
        reproduce.write_forecasts(fresh / "figures" / reproduce.FORECASTS, forecasts)
        figures.draw(flights, forecasts, results, fresh / "figures")
        seconds = time.monotonic() - started
        results["wall_time_s"] = round(seconds, 1)
        results["emissions"] = provenance.emissions(seconds, cores=plan.jobs)
        text = json.dumps(results, indent=1, ensure_ascii=False, allow_nan=False)
        (fresh / "results.json").write_text(text + "\n", encoding="utf-8")
        (fresh / "README.md").write_text(cards.render(KEY, fresh), encoding="utf-8")
    shutil.rmtree(kept, ignore_errors=True)
    print(f"[{KEY}] {TITLES[chosen]}: wrote {folder} in {seconds:.0f} s", flush=True)

    # 6. One commit on the Hub.
    if options.push:
        headline = next(metric for metric in metrics if metric["key"] == model.headline)
        kind = "SIMULATED " if data.simulated else ""
        message = (
            f"{TITLES[chosen]} on {len(flights)} {kind}attempts: {headline['name']} {headline['value']:.2f}"
        )
        sha = publish(KEY, folder, message=message)
        print(f"[{KEY}] published as {model.repo_id} at {sha[:8]}", flush=True)
    return folder


def command(options: Options) -> str:
    """Return the command line that repeats this run."""
    swept = f" --sweep {options.sweep}" if options.sweep else ""
    return f"python -m train_scripts.train_landing --preset {options.preset} --seed {options.seed}{swept}"


def main() -> None:
    """Train the landing model with the options given on the command line."""
    options = tyro.cli(Options, description=__doc__)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    with friendly(KEY), threadpool_limits(1):
        train(options)


if __name__ == "__main__":
    main()
