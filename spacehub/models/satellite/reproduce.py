"""Measure the numbers on the card, for the training run and again for verification."""

from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.models.satellite import evaluation, export, pictures

TEST, CROSS, AVERAGED = "test", "cross-validation", "cross-validation, eight views averaged"


def metrics(said: dict[str, tuple[np.ndarray, np.ndarray]]) -> list[dict]:
    """Score the answers, logits and labels, of each split."""
    return [metric for split, answers in said.items() for metric in evaluation.metrics(*answers, split=split)]


def write_judged(path: Path, files: np.ndarray, labels: np.ndarray, **logits: np.ndarray) -> None:
    """Write the answers of networks that had not seen the images, one row per image."""
    columns = {"file": files, "label": labels}
    for name, values in logits.items():
        columns |= {f"{name}_{place}": column for place, column in enumerate(values.T)}
    pd.DataFrame(columns).to_csv(path, index=False, float_format="%.6g", lineterminator="\n")


def read_judged(path: Path, *names: str) -> tuple[np.ndarray, ...]:
    """Read the labels and the logits of each of `names`."""
    table = pd.read_csv(path)
    logits = [
        table[[column for column in table if column.rsplit("_", 1)[0] == name]].to_numpy() for name in names
    ]
    return table["label"].to_numpy(), *logits


def measure(folder: Path, shown: pictures.Pictures) -> list[dict]:
    """Score the published ONNX model on the test split, and the cross-validation's answers if there are any."""
    rows = shown.rows("test")
    logits, _ = export.run(folder / "onnx" / "model.onnx", shown.pixels[rows])
    answers = {TEST: (logits, shown.labels[rows])}
    judged = folder / "cross_validation.csv"
    if judged.exists():
        labels, once, averaged = read_judged(judged, "logit", "averaged")
        answers |= {CROSS: (once, labels), AVERAGED: (averaged, labels)}
    return metrics(answers)
