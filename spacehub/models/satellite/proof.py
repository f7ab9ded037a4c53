"""Prove the satellite model from its dataset: run its files on the test images, recompute every score and figure."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from spacehub import catalogue
from spacehub.models import sweep
from spacehub.models.proof import (
    OF_THE_RUN,
    OF_VISITORS,
    PROVENANCE,
    Finding,
    OutOfFold,
    Unproven,
    agree,
    close,
    compare,
    pictures,
    same_drawing_library,
)
from spacehub.models.satellite import (
    doubts,
    evaluation,
    export,
    figures,
    inputs,
    network,
    reproduce,
    training,
)
from spacehub.models.satellite import pictures as data
from spacehub.models.satellite.recipes import PRESETS
from spacehub.serving import drift

# The tolerance of a logit between torch and ONNX Runtime.
AGREEMENT = 2e-3
JUDGED = "cross_validation.csv"
SHOWN = 8  # how many images transformers classifies
NOT_HERE = "the values depend on images that are not on this machine"
FOLDS = "the values depend on cross_validation.csv; retraining the folds takes hours"


def declared(results: dict) -> set[str]:
    """Return the files that the repository may hold besides its card, results and figures."""
    loaded = {"config.json", "model.safetensors"}
    served = {"onnx/inputs.json", "onnx/model.onnx", "onnx/model_int8.onnx"}
    return loaded | served | ({JUDGED} if results.get("folds") else set())


def prove(key: str, folder: Path, results: dict, rows: Path, *, retrain: bool) -> Iterator[Finding]:
    """Recompute everything that the card of `key` claims; yield a finding for each claim.

    Cross-validation is never trained again (hours); values that rest on it are reported as not verified.

    Parameters
    ----------
    folder : Path
        The published artefact folder.
    results : dict
        Its ``results.json``.
    rows : Path
        The dataset's folder at the commit that the results name.
    retrain : bool
        It has no effect here.
    """
    preset, recipe = PRESETS[results["preset"]], results["recipe"]
    named = results["dataset"]
    shown = data.read_snapshot(rows, size=recipe["size"], repo_id=named["id"], commit=named["commit"])
    test, validation = shown.rows("test"), shown.rows("validation")
    labels = shown.labels[test]

    # 1. The files: each is run, and its settings must follow from the dataset and this code.
    yield from _config(folder, recipe, shown)
    loaded = _by_timm(folder)
    by_torch = training.logits(loaded, shown.pixels[test])
    temperature = evaluation.temperature(
        training.logits(loaded, shown.pixels[validation]), shown.labels[validation]
    )
    by_onnx, _ = export.run(folder / "onnx" / "model.onnx", shown.pixels[test])
    yield close("onnx/model.onnx, compared with model.safetensors", by_onnx, by_torch, tolerance=AGREEMENT)
    written = json.loads((folder / "onnx" / "inputs.json").read_text(encoding="utf-8"))
    wanted = export.serving(
        names=shown.names,
        size=recipe["size"],
        metres_a_pixel=shown.metres_a_pixel,
    )
    known, stated = doubts.fit(shown), written.pop("known", {})
    for name, value in known.items():
        yield close(f"onnx/inputs.json, known {name}", stated.get(name, np.nan), value, tolerance=1e-4)
    yield agree("onnx/inputs.json, known", sorted(stated), sorted(known))
    for name in [*wanted, *(name for name in written if name not in wanted)]:
        yield agree(f"onnx/inputs.json, {name}", written.get(name), json.loads(json.dumps(wanted.get(name))))
    yield close("temperature that the published weights still need", temperature, 1.0, tolerance=0.01)
    yield _by_transformers(folder, shown, test[np.linspace(0, len(test) - 1, SHOWN).astype(int)])

    # 2. Recompute every value of results.json.
    scores = reproduce.metrics({reproduce.TEST: (by_onnx, labels)})
    if preset.folds:
        files, crossed = _crossed(folder, shown)
        yield files
        scores += [
            {name: OutOfFold(value, FOLDS) for name, value in metric.items()}
            for metric in reproduce.metrics(crossed)
        ]
    again = {row["name"]: row for row in doubts.rates(known, shown)}
    trained_on = shown.rows("train", most=preset.pictures, seed=results["seed"])
    recomputed = {
        **{name: Unproven(reason) for name, reason in PROVENANCE.items() if name in results},
        "key": key,
        "title": catalogue.MODELS[key].title,
        "task": catalogue.MODELS[key].task,
        "simulated": shown.simulated,
        "dataset": {
            "id": shown.id,
            "commit": shown.commit,
            "config": shown.config,
            "rows": len(shown.labels),
            "trained_on": len(trained_on),
            "validation": len(validation),
            "test": len(test),
        },
        "classes": shown.names,
        "example": shown.example,
        "metres_a_pixel": shown.metres_a_pixel,
        "recipe": Unproven(OF_THE_RUN),
        "begun": Unproven(OF_THE_RUN),
        **({"feedback": Unproven(OF_VISITORS)} if "feedback" in results else {}),
        **({"sweep": Unproven(OF_THE_RUN)} if "sweep" in results else {}),
        "parameters": sum(value.numel() for value in loaded.parameters()),
        "metrics": scores,
        "by_class": evaluation.by_class(by_torch, labels, shown.names),
        "temperature": Unproven("was divided out of the published weights"),
        "reliability": evaluation.reliability(by_torch, labels),
        "side": shown.side,
        "doubts": [again.get(row["name"], Unproven(NOT_HERE)) for row in results["doubts"]],
        "folds": preset.folds,
        "rivals": Unproven(FOLDS) if preset.folds else [],
        "curve": Unproven(OF_THE_RUN),
        "onnx": {
            "fp32": export.agreement(folder / "onnx" / "model.onnx", shown.pixels[test], by_torch),
            "int8": export.agreement(folder / "onnx" / "model_int8.onnx", shown.pixels[test], by_torch),
        },
        "preset": results["preset"],
        "seed": results["seed"],
    }
    if drift.PART in results:  # older models do not have it, nor the known answers
        recomputed |= inputs.report(shown)
    if "known" in results:
        recomputed["known"] = export.known_answers(folder, shown.pixels[test], shown.names)
    yield from compare(
        results,
        recomputed,
        tolerances={
            "onnx.fp32.max_abs_difference": AGREEMENT,
            "onnx.int8.max_abs_difference": 0.5,
            "metrics.log_loss.*": 1e-3,
            "reliability.*": 1e-3,
            "known.*.int8.*": 0.05,
            "known.*": 1e-4,
        },
    )

    # 3. Redraw the figures.
    with tempfile.TemporaryDirectory() as scratch:
        drawn = results | {"reliability": recomputed["reliability"]}
        figures.draw(shown, by_torch, drawn, Path(scratch))
        yield from pictures(
            folder / "figures",
            Path(scratch),
            same_version=same_drawing_library(results),
            resting={"training.png": OF_THE_RUN, sweep.FIGURE: OF_THE_RUN},
        )


def _config(folder: Path, recipe: dict, shown: data.Pictures) -> Iterator[Finding]:
    """Compare ``config.json`` with the version that this code writes for the dataset's classes."""
    fresh = network.create(recipe["architecture"], len(shown.names), size=recipe["size"], drop=recipe["drop"])
    with tempfile.TemporaryDirectory() as scratch:
        export.write_timm(fresh, Path(scratch), names=shown.names, size=recipe["size"])
        wanted = json.loads((Path(scratch) / "config.json").read_text(encoding="utf-8"))
    written = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    for name in [*wanted, *(name for name in written if name not in wanted)]:
        yield agree(f"config.json, {name}", written.get(name), wanted.get(name))


def _by_timm(folder: Path):
    """Load the network as the card's snippet does, from the folder alone."""
    import timm

    return timm.create_model(f"local-dir:{folder}", pretrained=True).eval()


def _by_transformers(folder: Path, shown: data.Pictures, rows: np.ndarray) -> Finding:
    """Classify some images with ``pipeline("image-classification")``, and compare with the ONNX file."""
    from PIL import Image
    from scipy.special import softmax
    from transformers import AutoImageProcessor, pipeline

    # timm's processor has only this backend: transformers would warn that it does not use another.
    processor = AutoImageProcessor.from_pretrained(folder, backend="pil")
    classify = pipeline("image-classification", model=str(folder), image_processor=processor, device="cpu")
    images = [Image.fromarray(shown.pixels[row].transpose(1, 2, 0)) for row in rows]
    answers = [
        {one["label"]: one["score"] for one in row} for row in classify(images, top_k=len(shown.names))
    ]
    scores = [[answer.get(name, np.nan) for name in shown.names] for answer in answers]
    logits, _ = export.run(folder / "onnx" / "model.onnx", shown.pixels[rows])
    return close(
        "pipeline(), compared with onnx/model.onnx", scores, softmax(logits, axis=1), tolerance=AGREEMENT
    )


def _crossed(folder: Path, shown: data.Pictures) -> tuple[Finding, dict]:
    """Return whether the images and labels in the file match the dataset, and the published answers by split."""
    import pandas as pd

    labels, once, averaged = reproduce.read_judged(folder / JUDGED, "logit", "averaged")
    files = pd.read_csv(folder / JUDGED)["file"].to_numpy(str)
    known = dict(zip(shown.files, shown.labels, strict=True))
    same = len(set(files)) == len(files) and [known.get(name) for name in files] == labels.tolist()
    finding = agree(f"{JUDGED}, images and labels", "agree", "agree" if same else "differ from the dataset's")
    return finding, {reproduce.CROSS: (once, labels), reproduce.AVERAGED: (averaged, labels)}
