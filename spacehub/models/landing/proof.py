"""Prove the landing model from its dataset: fit it again, run its files, recompute its scores and figures."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub import catalogue
from spacehub.models import onnx_export, sweep, training_data
from spacehub.models.landing import figures, payload, report, reproduce, storage
from spacehub.models.landing.candidates import TITLES
from spacehub.models.landing.choice import RULE, choose, compare
from spacehub.models.landing.coefficients import coefficients
from spacehub.models.landing.evaluation import PRESETS, search
from spacehub.models.landing.export import difference, hub_config, known_answers, predictions
from spacehub.models.landing.features import FEATURES, NAMES, inputs, make_flights
from spacehub.models.proof import (
    PROVENANCE,
    RETRAIN,
    Finding,
    OutOfFold,
    Unproven,
    agree,
    close,
    pictures,
    same_drawing_library,
    unwrapped,
)
from spacehub.models.proof import compare as compare_results

AGREEMENT = 1e-5
PUBLISHED = "the out-of-fold forecasts were not recomputed; add --retrain"


def declared(results: dict) -> set[str]:
    """Return the files that the repository may hold besides its card, results and figures."""
    return {
        "config.json",
        "model.skops",
        "onnx/model.onnx",
        "onnx/inputs.json",
        "payload/model.skops",
        "payload/model.onnx",
        "predictions.csv",
        "figures/forecasts.csv",
    }


def prove(key: str, folder: Path, results: dict, rows: Path, *, retrain: bool) -> Iterator[Finding]:
    """Recompute everything that the card of `key` claims; yield a finding for each claim.

    Parameters
    ----------
    folder : Path
        The published artefact folder.
    results : dict
        Its ``results.json``.
    rows : Path
        The dataset's folder at the commit that the results name.
    retrain : bool
        Also fit every fold again (minutes).
    """
    table = training_data.read_snapshot(rows)
    config = json.loads((rows / "build.json").read_text(encoding="utf-8"))["config"]
    flights = make_flights(table)
    trials = min(sweep.MOST, len(results["sweep"]["trials"])) if "sweep" in results else 0
    plan, seed = replace(PRESETS[results["preset"]], trials=trials), results["seed"]

    # 1. The forecasts behind scores and figures: as published, and recomputed with `retrain`.
    published = reproduce.read_forecasts(folder / "figures" / reproduce.FORECASTS, flights)
    forecasts = published
    if retrain:
        forecasts = reproduce.forecast(flights, list(TITLES), plan=plan, seed=seed)
        for kind, ours, theirs in zip(("shuffled", "time-ordered"), forecasts, published, strict=True):
            for name in TITLES:
                label = f"out-of-fold forecasts, {kind}, {TITLES[name]}"
                yield close(label, theirs.chances[name], ours.chances[name], tolerance=AGREEMENT)

    def rests(value):
        return value if retrain else OutOfFold(value)

    samples = reproduce.samples(flights, forecasts, plan=plan, seed=seed)
    chosen = choose(samples[0], forecasts[0].chances)

    # 2. Fit the published models again, and run all of their files.
    fitted = search(chosen, plan=plan, seed=seed).fit(flights[list(NAMES)], flights["landed"].astype(int))
    features = flights[list(NAMES)]
    wanted = fitted.best_estimator_.predict_proba(features)[:, 1]
    probabilities = storage.load(folder).predict_proba(features)[:, 1]
    yield close("model.skops, compared with a new fit", probabilities, wanted, tolerance=AGREEMENT)
    probabilities = onnx_export.run(folder / "onnx" / "model.onnx", features)["probabilities"][:, 1]
    yield close("onnx/model.onnx, compared with a new fit", probabilities, wanted, tolerance=AGREEMENT)
    form = json.loads((folder / "onnx" / "inputs.json").read_text(encoding="utf-8"))
    yield agree("onnx/inputs.json", form, json.loads(json.dumps(inputs(flights))))
    written = json.loads((folder / "config.json").read_text(encoding="utf-8"))["sklearn"]
    wanted_config = json.loads(json.dumps(hub_config(flights)))["sklearn"]
    for name in wanted_config.keys() - {"environment"}:
        yield agree(f"config.json, {name}", written.get(name), wanted_config[name])
    launches = payload.make_launches(table)
    manifests = launches[list(payload.FEATURES)]
    mass = payload.search(plan=plan, seed=seed).fit(manifests, launches["payload_mass_kg"])
    wanted = mass.best_estimator_.predict(manifests)
    probabilities = storage.load(folder / "payload").predict(manifests)
    yield close("payload/model.skops, compared with a new fit", probabilities, wanted, tolerance=0.1)
    by_onnx = onnx_export.run(folder / "payload" / "model.onnx", manifests)["variable"][:, 0]
    yield close("payload/model.onnx, compared with a new fit", by_onnx, wanted, tolerance=0.1)

    # 3. Recompute every value of results.json.
    chances = forecasts[0].chances[chosen]
    landed, mean_chance = flights["landed"].to_numpy(), chances.mean(axis=0)
    unproven = Unproven(RETRAIN)
    measured = dict.fromkeys(("n", "folds", "mae_kg", "gain_kg"), unproven)
    recomputed = {
        **{name: Unproven(reason) for name, reason in PROVENANCE.items() if name in results},
        "key": key,
        "title": catalogue.MODELS[key].title,
        "task": catalogue.MODELS[key].task,
        "simulated": config == "simulated",
        "dataset": {"id": results["dataset"]["id"], "commit": results["dataset"]["commit"]}
        | {
            "config": config,
            "rows": len(table),
            "used": len(flights),
            "failures": int((~flights["landed"]).sum()),
            "first": str(flights["date_utc"].min().date()),
            "last": str(flights["date_utc"].max().date()),
        },
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
        "metrics": rests(reproduce.metrics(flights, chosen, forecasts, samples)),
        "candidates": rests(compare(samples[0], forecasts[0].chances, chosen=chosen)),
        "candidates_ordered": rests(compare(samples[1], forecasts[1].chances, chosen=chosen)),
        "chosen_inside": rests(
            {
                score: samples[0].describe(score, forecasts[0].chosen_inside())
                for score in ("pr_auc_failures", "brier")
            }
        ),
        "reliability": rests(report.reliability_bins(landed, mean_chance)),
        "warnings": rests(report.warnings(landed, mean_chance)),
        "importance": unproven,
        "coefficients": coefficients(fitted.best_estimator_),
        "variants": unproven,
        "features": [asdict(feature) for feature in FEATURES],
        "example": {entry["name"]: entry["default"] for entry in inputs(flights)["features"]},
        "trusted_types": storage.trusted_types(folder / "model.skops"),
        "onnx": {"n": len(flights), "max_abs_difference": difference(folder, flights)},
        "payload": measured
        | {
            "features": payload.FEATURES,
            "hyperparameters": report.plain(mass.best_params_),
            "onnx": {
                "n": len(launches),
                "max_abs_difference_kg": float(np.abs(probabilities - by_onnx).max()),
            },
        },
        "preset": results["preset"],
        "seed": seed,
    }
    if "known" in results:  # older models do not have it
        recomputed["known"] = known_answers(folder, flights)
    if retrain:
        recomputed["importance"] = report.importance(flights, fitted.best_estimator_, plan=plan, seed=seed)
        recomputed["variants"] = report.variants(table, fitted, chosen, plan=plan, seed=seed)
        recomputed["payload"] |= payload.evaluate(launches, plan=plan, seed=seed)
    yield from compare_results(
        results,
        recomputed,
        tolerances={"*onnx.max_abs_difference*": 0.1, "coefficients.*": 1e-4, "known.*": AGREEMENT},
    )

    # 4. Check figures and tables.
    listed = pd.read_csv(folder / "predictions.csv")
    with tempfile.TemporaryDirectory() as scratch:
        predictions(flights, chances, Path(scratch) / "predictions.csv")
        again = pd.read_csv(Path(scratch) / "predictions.csv")
        same = listed.drop(columns="probability").equals(again.drop(columns="probability"))
        yield agree("predictions.csv, flights and features", "agree", "agree" if same else "differ")
        if same:
            yield close(
                "predictions.csv, probabilities",
                listed["probability"],
                again["probability"],
                tolerance=AGREEMENT,
            )
        drawn = (
            "candidates",
            "pr_curve",
            "calibration",
            "permutation_importance",
            "confusion_matrix",
            "over_time",
        )
        resting = {} if retrain else {f"{name}.png": PUBLISHED for name in drawn}
        figures.draw(flights, forecasts, results | unwrapped(recomputed), Path(scratch))
        yield from pictures(
            folder / "figures", Path(scratch), same_version=same_drawing_library(results), resting=resting
        )
