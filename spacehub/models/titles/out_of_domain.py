"""Evaluate the models on handwritten texts that are not Reddit titles.

There are single sentences of several kinds, and `LONGER` texts of 40 to 120 words: the openings of news
articles and newsgroup posts, with quotations and signatures. About half of the texts are about space; the
others include hard negatives.
"""

import csv
from pathlib import Path

import numpy as np

from spacehub import data
from spacehub.models.titles import evaluation, reproduce
from spacehub.models.titles.titles import NAMES
from spacehub.serving.titles.linear import Linear
from spacehub.serving.titles.reader import Reader

PATH = Path(data.__file__).parent / "space_titles" / "out_of_domain.csv"
LONGER = ("news article", "newsgroup post")
SHOWN = 12


def read() -> list[dict]:
    """Return every text, each with ``text``, ``label`` (a name of `NAMES`) and ``kind``."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def report(folder: Path, linear: Linear, thresholds: dict[str, float]) -> dict:
    """Query the published BERT of `folder` and the linear model on all of these texts.

    Returns
    -------
    dict
        ``out_of_domain``, the result of `measure` for the single sentences, and ``longer``, its results for each kind
        of `LONGER` texts.
    """
    written = read()
    texts = np.array([row["text"] for row in written], dtype=object)
    bert = Reader(folder, "model.onnx", threads=1)
    chances_by_model = {
        reproduce.BERT: bert.chances(texts.tolist()),
        reproduce.LINEAR: linear.chances(texts),
    }
    kinds = np.array([row["kind"] for row in written])

    def part(rows: np.ndarray, name: str) -> dict:
        chances = {key: values[rows] for key, values in chances_by_model.items()}
        return measure([written[row] for row in np.flatnonzero(rows)], chances, thresholds, name=name)

    return {
        "out_of_domain": part(~np.isin(kinds, LONGER), "out of domain"),
        "longer": [{"kind": kind} | part(kinds == kind, kind) for kind in LONGER],
    }


def measure(
    sentences: list[dict], said: dict[str, np.ndarray], thresholds: dict[str, float], *, name: str
) -> dict:
    """Score models on texts; the metrics use `name` in place of a split.

    Parameters
    ----------
    sentences : list of dict
        As `read` returns them.
    said : dict of numpy.ndarray
        Probabilities of *space* by model, (n,); the mistakes of the first model are listed.
    thresholds : dict of float
        The threshold for *space* of each model.
    """
    labels = np.array([NAMES.index(row["label"]) for row in sentences])
    weights = evaluation.resampled(len(labels))
    right = {key: (chances >= thresholds[key]) == (labels == 1) for key, chances in said.items()}
    kinds = sorted({row["kind"] for row in sentences})
    first = next(iter(said))
    wrong = np.flatnonzero(~right[first])
    surest = wrong[np.argsort(-np.abs(said[first][wrong] - thresholds[first]), kind="stable")][:SHOWN]
    return {
        "n": len(labels),
        "models": [
            {
                "key": key,
                "metrics": evaluation.metrics(
                    chances, labels, threshold=thresholds[key], weights=weights, split=name
                ),
            }
            for key, chances in said.items()
        ],
        "kinds": [
            {
                "kind": kind,
                "n": sum(row["kind"] == kind for row in sentences),
                "right": {
                    key: int(
                        sum(hit for hit, row in zip(hits, sentences, strict=True) if row["kind"] == kind)
                    )
                    for key, hits in right.items()
                },
            }
            for kind in kinds
        ],
        "mistakes": [
            {
                "text": sentences[row]["text"],
                "label": sentences[row]["label"],
                "kind": sentences[row]["kind"],
                "chance": float(said[first][row]),
            }
            for row in surest
        ],
    }
