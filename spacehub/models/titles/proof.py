"""Prove the titles model from its dataset: run every file on the test titles, recompute every score and figure."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub import catalogue
from spacehub.models.proof import (
    FAILED,
    OF_THE_RUN,
    OF_VISITORS,
    OK,
    PROVENANCE,
    RETRAIN,
    UNVERIFIED,
    Finding,
    OutOfFold,
    Unproven,
    agree,
    close,
    compare,
    pictures,
    same_drawing_library,
    unwrapped,
)
from spacehub.models.titles import (
    bert,
    cleaning,
    evaluation,
    explain,
    export,
    figures,
    gold,
    language,
    linear,
    out_of_domain,
    report,
    reproduce,
)
from spacehub.models.titles.recipes import PRESETS, describe
from spacehub.models.titles.titles import NAMES, Titles, read_snapshot
from spacehub.serving import drift
from spacehub.serving.titles.linear import Linear

# The tolerance of a probability between torch and ONNX Runtime.
AGREEMENT = 1e-4
OLDER = "it was trained by a version that did not clean the labels"
FROM_SCRATCH = "this network is not published; its predictions come from predictions.csv"


def declared(results: dict) -> set[str]:
    """Return the files that the repository may hold besides its card, results and figures."""
    loaded = {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}
    served = {"onnx/inputs.json", "onnx/model.onnx", "onnx/model_int8.onnx", "linear/model.json"}
    cleaned = {cleaning.CLEANED} if "cleaning" in results else set()
    read = {gold.PATH.name} if "gold" in results else set()
    return loaded | served | cleaned | read | {reproduce.PREDICTIONS, report.DISAGREEMENTS}


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
        Also fit the linear models again (minutes).
    """
    preset, named, seed = PRESETS[results["preset"]], results["dataset"], results["seed"]
    titles = read_snapshot(rows, repo_id=named["id"], commit=named["commit"])
    titles = titles.fewer(train=preset.titles, judged=preset.judged)
    test = titles.rows(reproduce.TEST)
    out_of_fold = cleaning.cross_validated(titles, seed=seed)
    doubted = cleaning.find(titles, out_of_fold)
    is_cleaned = "cleaning" in results
    cleaned = cleaning.apply(titles, doubted) if is_cleaned else titles
    held_out = cleaned.rows("validation")

    # 1. The files: each is run, and its settings must follow from the dataset and this code.
    written = json.loads((folder / "linear" / "model.json").read_text(encoding="utf-8"))
    rule = agree("linear/model.json, token rule", written["token"], linear.TOKEN)
    yield rule
    if rule.state != "ok":
        return  # an untrusted regular expression can run for ever
    model, tokenizer = _by_transformers(folder)
    yield agree("config.json, id2label", dict(model.config.id2label), dict(enumerate(NAMES)))
    yield agree(
        "config.json, label2id", dict(model.config.label2id), {name: at for at, name in enumerate(NAMES)}
    )
    length = bert.reads(model, preset.recipe)
    known = bert.logits(model, tokenizer, cleaned.texts[held_out], length=length)
    labels = cleaned.labels[held_out]
    yield agree(
        "model.safetensors, temperature left in it",
        evaluation.temperature(known[:, 1] - known[:, 0], labels),
        1.0,
        tolerance=1e-3,
    )
    threshold = evaluation.threshold(evaluation.chances(known), labels)
    torch_chances = evaluation.chances(bert.logits(model, tokenizer, titles.texts[test], length=length))
    chances = reproduce.judge(folder, titles)
    by_onnx = chances[reproduce.BERT][: len(test)]
    yield close(
        "onnx/model.onnx, compared with model.safetensors", by_onnx, torch_chances, tolerance=AGREEMENT
    )
    yield _by_pipeline(folder)
    form = json.loads((folder / "onnx" / "inputs.json").read_text(encoding="utf-8"))
    prior = float(cleaned.labels[cleaned.rows("train")].mean())
    wanted = {
        "labels": list(NAMES),
        "prior": prior,
        "length": length,
        "outputs": {"logits": ["N", len(NAMES)]},
    }
    for name, value in wanted.items():
        yield agree(f"onnx/inputs.json, {name}", form.get(name), value)
    yield agree("onnx/inputs.json, threshold", form.get("threshold"), threshold, tolerance=AGREEMENT)
    regression = Linear.read(folder / "linear" / "model.json")
    best_threshold = evaluation.threshold(regression.chances(cleaned.texts[held_out]), labels)
    yield agree("linear/model.json, threshold", regression.threshold, best_threshold)

    # 2. Each model's answer for each title.
    predictions = reproduce.read(folder / reproduce.PREDICTIONS)
    yield from _predictions(predictions, titles, chances)
    thresholds = {item["key"]: item["threshold"] for item in results["models"]}
    thresholds |= {reproduce.BERT: form["threshold"], reproduce.LINEAR: regression.threshold}
    ours = predictions.assign(**{name: values.round(reproduce.DIGITS) for name, values in chances.items()})
    chosen = dict.fromkeys(("strength", "smoothing"), Unproven(RETRAIN)) | {
        "epochs": preset.epochs_from_scratch
    }
    proved = {reproduce.BERT, reproduce.LINEAR}
    if retrain and "feedback" not in results:
        fitted, chosen["strength"] = linear.fit(cleaned, seed=seed)
        texts = titles.texts[reproduce.judged(titles)]
        label = "linear/model.json, compared with a new fit"
        yield close(label, regression.chances(texts), fitted.chances(texts), tolerance=AGREEMENT)
        odds, chosen["smoothing"] = linear.naive_bayes(cleaned)
        ours["naive_bayes"], thresholds["naive_bayes"] = reproduce.calibrated(odds, labels)
        label = f"{reproduce.PREDICTIONS}, naive_bayes, compared with a new fit"
        yield close(label, predictions["naive_bayes"], ours["naive_bayes"], tolerance=AGREEMENT)
        ours["naive_bayes"] = ours["naive_bayes"].round(reproduce.DIGITS)
        proved.add("naive_bayes")
    ordered = {name: thresholds[name] for name in report.MODELS}
    models = [{"name": report.MODELS[item["key"]], **item} for item in reproduce.measure(ours, ordered)]
    metrics = report.beside_baseline(models)
    on_gold = gold.report(ours, models) if is_cleaned else {}
    for item in on_gold.get("gold", {}).get("models", []):
        if item["key"] not in proved:
            item |= {name: OutOfFold(value, FROM_SCRATCH) for name, value in item.items()}
    models = [item if item["key"] in proved else OutOfFold(item, FROM_SCRATCH) for item in models]

    # 3. Recompute every value of results.json, and the figures.
    with tempfile.TemporaryDirectory() as place:
        scratch = _linked(folder, Path(place))
        values = {
            **{name: Unproven(reason) for name, reason in PROVENANCE.items() if name in results},
            "key": key,
            "title": catalogue.MODELS[key].title,
            "task": catalogue.MODELS[key].task,
            "simulated": titles.simulated,
            "dataset": report.dataset(titles, judged=preset.judged),
            **(report.inputs(folder, titles) if drift.PART in results else {}),  # older models do not have it
            "recipe": Unproven(OF_THE_RUN)
            if results["recipe"] != describe(preset.recipe)
            else results["recipe"],
            "base_commit": Unproven(OF_THE_RUN),
            "bfloat16": Unproven(OF_THE_RUN),
            "parameters": sum(value.numel() for value in model.parameters()),
            "temperature": Unproven("the temperature is already in the weights"),
            "threshold": threshold,
            "prior": prior,
            "chosen": chosen,
            "metrics": metrics,
            "models": models,
            "onnx": report.onnx(folder, titles, torch_chances, by_onnx, threshold),
            **report.where_it_fails(titles, chances, thresholds),
            "shortcut": report.shortcut(folder, titles, regression, chances, thresholds),
            "disagreements": Unproven(OLDER),
            **on_gold,
            "examples": report.sentences(folder, threshold),
            **out_of_domain.report(folder, regression, thresholds),
            "curve": Unproven(OF_THE_RUN),
            **({"feedback": Unproven(OF_VISITORS)} if "feedback" in results else {}),
            "preset": results["preset"],
            "seed": seed,
        }
        if is_cleaned:
            surest = out_of_fold[: len(titles.rows("train"))]
            values["disagreements"] = report.disagreements(scratch, titles, surest)
            values["cleaning"] = cleaning.report(titles, doubted)
            cleaning.write(doubted, scratch)
            for name in (report.DISAGREEMENTS, cleaning.CLEANED):
                yield _same_text(folder / name, scratch / name)
            missing = Finding("gold", UNVERIFIED, "some of the gold titles are not in this test split")
            yield _same_text(folder / gold.PATH.name, gold.PATH) if on_gold else missing
        values |= language.describe(
            scratch,
            titles,
            base=results["recipe"]["base"],
            revision=results["base_commit"],
            length=preset.recipe.length,
            seed=seed,
        )
        yield from compare(results, values, tolerances=TOLERANCES)
        figures.draw(
            scratch / "figures",
            results=results
            | unwrapped(values)
            | {key: results[key] for key in ("models", "gold") if key in results},
            linear=regression,
            chances={name: ours[name].to_numpy()[: len(test)] for name in report.MODELS},
            labels=titles.labels[test],
            attributions=[
                explain.occlusion(lambda texts: export.run(folder, "model.onnx", texts), text)
                for text in report.SENTENCES
            ],
        )
        same = same_drawing_library(results)
        yield from pictures(
            folder / "figures", scratch / "figures", same_version=same, resting={"training.png": OF_THE_RUN}
        )


# Values that differ between torch and ONNX Runtime, and between two machines.
TOLERANCES = {
    "threshold": AGREEMENT,
    "models.*": 1e-4,
    "gold.*": 1e-4,
    "metrics.*": 1e-4,
    "onnx.*": 1e-3,
    "reliability.*": 1e-4,
    "mistakes.*": AGREEMENT,
    "examples.*": AGREEMENT,
    "out_of_domain.*": 1e-4,
    "longer.*": 1e-4,
    "embeddings.*": 1e-3,
}


def _by_transformers(folder: Path):
    """Load model and tokenizer as the card's snippet does; pickled weights and remote code are rejected."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    options = {"trust_remote_code": False, "local_files_only": True}
    model = AutoModelForSequenceClassification.from_pretrained(folder, use_safetensors=True, **options)
    return model.eval(), AutoTokenizer.from_pretrained(folder, **options)


def _by_pipeline(folder: Path) -> Finding:
    """Classify the card's sentences with ``pipeline("text-classification")``, and compare with the ONNX file."""
    from transformers import pipeline

    classify = pipeline("text-classification", model=str(folder), top_k=None, device="cpu")
    chances = [
        {answer["label"]: answer["score"] for answer in row}.get("space", np.nan)
        for row in classify([*report.SENTENCES])
    ]
    wanted = export.run(folder, "model.onnx", np.array(report.SENTENCES, dtype=object))
    return close("pipeline(), compared with onnx/model.onnx", chances, wanted, tolerance=AGREEMENT)


def _predictions(
    published: pd.DataFrame, titles: Titles, chances: dict[str, np.ndarray]
) -> Iterator[Finding]:
    rows = reproduce.judged(titles)
    wanted = {"id": titles.ids[rows], "split": titles.splits[rows], "label": titles.labels[rows]}
    for name, values in wanted.items():
        same = published[name].astype(str).tolist() == pd.Series(values).astype(str).tolist()
        yield agree(
            f"{reproduce.PREDICTIONS}, {name}", "agree" if same else "differ from the dataset's", "agree"
        )
    for name, values in chances.items():
        yield close(f"{reproduce.PREDICTIONS}, {name}", published[name], values, tolerance=AGREEMENT)


def _same_text(published: Path, again: Path) -> Finding:
    """Compare a published CSV file with its expected content."""
    if not published.is_file():
        return Finding(published.name, FAILED, "missing")
    if published.read_bytes() != again.read_bytes():
        return Finding(published.name, FAILED, "it differs from what this code computes from the dataset")
    return Finding(published.name, OK, "identical bytes")


def _linked(folder: Path, scratch: Path) -> Path:
    """Return a folder with links to all files of `folder` except its figures and rewritten files."""
    fresh = report.DISAGREEMENTS, cleaning.CLEANED
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if path.is_file() and relative.parts[0] != "figures" and path.name not in fresh:
            (scratch / relative).parent.mkdir(parents=True, exist_ok=True)
            os.symlink(path.resolve(), scratch / relative)
    (scratch / "figures").mkdir()
    return scratch
