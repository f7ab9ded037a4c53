"""Text that is no title of Reddit: sentences written by hand for this, and how the models do on them."""

import csv
from pathlib import Path

import numpy as np

from spacehub import data
from spacehub.models.titles import evaluation
from spacehub.models.titles.titles import NAMES

PATH = Path(data.__file__).parent / "space_titles" / "out_of_domain.csv"
SHOWN = 12


def read() -> list[dict] | None:
    """Return the sentences, each with ``text``, ``label`` (a name of `NAMES`) and ``kind``; None while there are none."""
    if not PATH.exists():
        return None
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure(sentences: list[dict], said: dict[str, np.ndarray], thresholds: dict[str, float]) -> dict:
    """Score models on the sentences.

    Parameters
    ----------
    sentences : list of dict
        As `read` gives them.
    said : dict of numpy.ndarray
        Chances of *space* by model, (n,); the first is the one whose mistakes are told.
    thresholds : dict of float
        From which chance on each model says *space*.
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
                    chances, labels, threshold=thresholds[key], weights=weights, split="out of domain"
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
