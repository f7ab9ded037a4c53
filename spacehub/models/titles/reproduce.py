"""Measure the numbers on the card, for the training run and again for verification."""

from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.models.titles import evaluation, export
from spacehub.models.titles.titles import Titles
from spacehub.serving.titles.linear import Linear

TEST, LATER = "test", "later"
BERT, LINEAR = "bert", "logistic_regression"
PREDICTIONS = "predictions.csv"
DIGITS = 6  # of a probability


def judge(folder: Path, titles: Titles) -> dict[str, np.ndarray]:
    """Query the two published models on `titles.rows` of the test and the later split, one after the other."""
    texts = titles.texts[judged(titles)]
    linear = Linear.read(folder / "linear" / "model.json")
    return {BERT: export.run(folder, "model.onnx", texts), LINEAR: linear.chances(texts)}


def judged(titles: Titles) -> np.ndarray:
    """Return the indices of the titles of the test and the later split."""
    return np.concatenate([titles.rows(TEST), titles.rows(LATER)])


def write(path: Path, titles: Titles, chances: dict[str, np.ndarray]) -> None:
    """Write each model's answers on the test and the later split, one row per title, without the titles."""
    rows = judged(titles)
    columns = {"id": titles.ids[rows], "split": titles.splits[rows], "label": titles.labels[rows]}
    table = pd.DataFrame(
        columns | {name: probabilities.round(DIGITS) for name, probabilities in chances.items()}
    )
    table.to_csv(path, index=False, lineterminator="\n")


def read(path: Path) -> pd.DataFrame:
    """Read the file of `write`; ids stay text."""
    return pd.read_csv(path, dtype={"id": str})


def measure(predictions: pd.DataFrame, thresholds: dict[str, float]) -> list[dict]:
    """Score every model on both splits, and BERT against each of the others on the same resamples.

    Returns
    -------
    list of dict
        For each of `thresholds`, in its order: `key`, `threshold`, `metrics` of both splits, and
        `behind`: BERT's lead over it on each split (absent for BERT itself).
    """
    parts = {split: predictions[predictions["split"] == split] for split in (TEST, LATER)}
    weights = {split: evaluation.resampled(len(part)) for split, part in parts.items()}
    models = []
    for key, threshold in thresholds.items():
        model = {"key": key, "threshold": threshold, "metrics": []}
        if key != BERT:
            model["behind"] = {}
        for split, part in parts.items():
            model_chances, labels = part[key].to_numpy(), part["label"].to_numpy()
            model["metrics"] += evaluation.metrics(
                model_chances, labels, threshold=threshold, weights=weights[split], split=split
            )
            if key != BERT:
                ours = part[BERT].to_numpy(), thresholds[BERT]
                model["behind"][split] = evaluation.difference(
                    ours, (model_chances, threshold), labels, weights[split]
                )
        models.append(model)
    return models


def calibrated(margins: dict[str, np.ndarray], labels: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the probabilities of the test and the later split, and the threshold; both are set on the validation split."""
    temperature = evaluation.temperature(margins["validation"], labels)
    chances = {split: 1 / (1 + np.exp(-margin / temperature)) for split, margin in margins.items()}
    threshold = evaluation.threshold(chances["validation"], labels)
    return np.concatenate([chances[TEST], chances[LATER]]), threshold
