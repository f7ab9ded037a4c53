"""Compute the parts of ``results.json`` besides scores: agreement of files, failures, the shortcut, label noise."""

from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.models.titles import evaluation, explain, export, label_noise, linear, reproduce
from spacehub.models.titles.titles import NAMES, Titles
from spacehub.serving import drift
from spacehub.serving.titles.features import EDGES
from spacehub.serving.titles.linear import Linear

MODELS = {
    reproduce.BERT: "BERT, fine-tuned",
    reproduce.LINEAR: "TF-IDF + logistic regression",
    "naive_bayes": "TF-IDF + naive Bayes",
    "lstm": "LSTM from scratch",
    "transformer": "small Transformer from scratch",
}
# Written for this report; not in any dataset.
SENTENCES = (
    "My first photograph of Saturn through a telescope",
    "NASA picks two companies to build its next Moon lander",
    "Scientists find ice in a crater that never sees the Sun",
    "Lost in space: how to organise your garage",
    "The new Galaxy phone has a bigger battery",
    "Mars bars are smaller than they used to be",
    "Why do airliners avoid flying over the Himalayas?",
)
MISTAKES = 12
CONFIDENT, KEPT = 0.8, 400
DISAGREEMENTS = "disagreements.csv"
_COMMUNITY = r"(?i)\br/\w"


def dataset(titles: Titles, *, judged: int | None) -> dict:
    """Return which data was used, and the size of each split; `judged` is the limit of the splits, if there is one."""
    return {
        "id": titles.id,
        "commit": titles.commit,
        "config": titles.config,
        "rows": titles.total,
        "judged": judged,
        **{split: len(titles.rows(split)) for split in ("train", "validation", "test", "later")},
    }


def inputs(folder: Path, titles: Titles) -> dict:
    """Count the training titles in bins, so that the app can measure the drift of its inputs."""
    texts = titles.texts[titles.rows("train")]
    return {drift.PART: drift.count(EDGES, export.features(folder, texts))}


def models(folder: Path, thresholds: dict[str, float]) -> list[dict]:
    """Score every model from its answers, as `reproduce.measure`, with the `name` of each."""
    predictions = reproduce.read(folder / reproduce.PREDICTIONS)
    ordered = {key: thresholds[key] for key in MODELS}
    return [{"name": MODELS[model["key"]], **model} for model in reproduce.measure(predictions, ordered)]


def beside_baseline(models: list[dict]) -> list[dict]:
    """Return BERT's metrics, each with that of the logistic regression as its `baseline`."""
    ours, baseline = models[0], models[1]
    return [
        {**metric, "baseline": {baseline["name"]: other["value"]}}
        for metric, other in zip(ours["metrics"], baseline["metrics"], strict=True)
    ]


def onnx(folder: Path, titles: Titles, said: np.ndarray, fp32: np.ndarray, threshold: float) -> dict:
    """Compare both ONNX files with torch, `said` (n,), on the test split.

    `fp32` are the full-precision file's answers.
    """
    rows = titles.rows("test")
    labels, files = titles.labels[rows], {"fp32": "model.onnx", "int8": "model_int8.onnx"}
    answers = {"fp32": fp32, "int8": export.run(folder, files["int8"], titles.texts[rows])}
    agreement = {
        name: export.agreement(chances_of_file, said, labels, threshold=threshold)
        | {"bytes": (folder / "onnx" / files[name]).stat().st_size}
        for name, chances_of_file in answers.items()
    }
    agreement["int8"]["same_as_fp32"] = int(((answers["int8"] >= threshold) == (fp32 >= threshold)).sum())
    return agreement | {"torch_f1_space": evaluation.f1(said >= threshold, labels)}


def where_it_fails(titles: Titles, chances: dict[str, np.ndarray], thresholds: dict[str, float]) -> dict:
    """Return the test split's `reliability`, `by_community`, scores `without_communities`, and surest `mistakes`."""
    rows = titles.rows("test")
    chances_on_test = {key: chances_of_model[: len(rows)] for key, chances_of_model in chances.items()}
    ours, labels = chances_on_test[reproduce.BERT], titles.labels[rows]
    right = (ours >= thresholds[reproduce.BERT]) == (labels == 1)
    communities = titles.communities[rows]
    wrong = np.flatnonzero(~right)
    surest = wrong[np.argsort(-np.abs(ours[wrong] - labels[wrong]), kind="stable")][:MISTAKES]
    plain = ~pd.Series(titles.texts[rows]).str.contains(_COMMUNITY).to_numpy()
    ones = np.ones((1, int(plain.sum())))
    return {
        "reliability": evaluation.reliability(ours, labels),
        "by_community": [
            {
                "name": name,
                "label": NAMES[labels[communities == name][0]],
                "n": int((communities == name).sum()),
                "said_space": int((ours[communities == name] >= thresholds[reproduce.BERT]).sum()),
            }
            for name in sorted(set(communities))
        ],
        "without_communities": {
            "n": int(plain.sum()),
            **{
                key: float(
                    evaluation.scores(chances_on_test[key][plain], labels[plain], thresholds[key], ones)[
                        "f1_space"
                    ][0]
                )
                for key in (reproduce.BERT, reproduce.LINEAR)
            },
        },
        "mistakes": [
            {
                "title": titles.texts[rows[row]],
                "community": communities[row],
                "label": NAMES[labels[row]],
                "chance": float(ours[row]),
            }
            for row in surest
        ],
    }


def shortcut(
    folder: Path,
    titles: Titles,
    regression: Linear,
    chances: dict[str, np.ndarray],
    thresholds: dict[str, float],
) -> dict:
    """Remove the words that contribute most to *space* from the test titles, and measure again.

    `chances` belong to the unchanged titles; only titles with one of the words are queried again.
    """
    rows = titles.rows("test")
    texts, labels = titles.texts[rows], titles.labels[rows]
    words = explain.telling_words(regression, texts[labels == 1])
    has = explain.with_words(texts, words)
    masked = explain.without_words(texts[has], words)
    chances_without = {key: chances[key][: len(rows)].copy() for key in (reproduce.BERT, reproduce.LINEAR)}
    chances_without[reproduce.BERT][has] = export.run(folder, "model.onnx", masked)
    chances_without[reproduce.LINEAR][has] = regression.chances(masked)
    ones = np.ones((1, len(rows)))
    return {
        "words": words,
        "space_with_one": float(has[labels == 1].mean()),
        "other_with_one": float(has[labels == 0].mean()),
        "masked": {
            key: {
                name: float(evaluation.scores(chances_of_model, labels, thresholds[key], ones)[name][0])
                for name in ("f1_space", "roc_auc")
            }
            for key, chances_of_model in chances_without.items()
        },
    }


def disagreements(folder: Path, titles: Titles, said: np.ndarray) -> dict:
    """Count the training labels that a cross-validated linear model confidently disagrees with; keep the surest, by ID.

    `said` are its probabilities of *space* (n,) for the training titles. ``disagreements.csv`` has `id`,
    `label` and the `chance` of *space* of the `KEPT` surest, for an annotator to label.
    """
    rows = titles.rows("train")
    labels = titles.labels[rows]
    apart = np.abs(said - labels)
    surest = np.argsort(-apart, kind="stable")[:KEPT]
    surest = surest[apart[surest] > CONFIDENT]
    table = pd.DataFrame(
        {"id": titles.ids[rows[surest]], "label": labels[surest], "chance": said[surest].round(4)}
    )
    table.to_csv(folder / DISAGREEMENTS, index=False, lineterminator="\n")
    sure = apart > CONFIDENT
    doubted = {name: int((sure & (labels == label)).sum()) for label, name in enumerate(NAMES)}
    return {
        "folds": linear.FOLDS,
        "confident": CONFIDENT,
        "n": len(rows),
        "labelled_other": doubted["other"],
        "labelled_space": doubted["space"],
        "kept": len(surest),
        "reading": label_noise.measure(titles, doubted),
    }


def sentences(folder: Path, threshold: float) -> list[dict]:
    """Return BERT's answers to `SENTENCES`, in full precision and in eight bits."""
    texts = np.array(SENTENCES, dtype=object)
    full, eight = (export.run(folder, name, texts) for name in ("model.onnx", "model_int8.onnx"))
    return [
        {
            "text": text,
            "label": NAMES[int(chance >= threshold)],
            "chance": float(chance),
            "int8": float(other),
        }
        for text, chance, other in zip(SENTENCES, full, eight, strict=True)
    ]
