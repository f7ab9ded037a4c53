"""Evaluate the models on handwritten texts that are not Reddit titles.

There are single sentences of several kinds, and `LONGER` pieces of 40 to 120 words: the openings of news
articles and newsgroup posts, with quotations and signatures. About half of the texts are about space; the
others include hard negatives.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from spacehub import data
from spacehub.models.titles import evaluation, reproduce
from spacehub.models.titles.titles import NAMES
from spacehub.serving.titles.linear import Linear
from spacehub.serving.titles.reader import Reader

PATH = Path(data.__file__).parent / "space_titles" / "out_of_domain.csv"
LONGER = ("news article", "newsgroup post")
AT_ONCE = "bert_at_once"
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
        of `LONGER` pieces. `too_long` is the number of pieces that BERT cannot read at once. BERT reads
        these pieces sentence by sentence. The model `AT_ONCE` gives BERT's score when it reads only their
        beginnings.
    """
    written = read()
    texts = np.array([row["text"] for row in written], dtype=object)
    bert = Reader(folder, "model.onnx", threads=1)
    too_long = np.array([bert.is_too_long(text) for text in texts])
    at_once = bert.chances(texts.tolist(), at_once=True)
    served = at_once.copy()
    served[too_long] = bert.chances(texts[too_long].tolist())
    chances_by_model = {reproduce.BERT: served, AT_ONCE: at_once, reproduce.LINEAR: linear.chances(texts)}
    thresholds = thresholds | {AT_ONCE: thresholds[reproduce.BERT]}
    kinds = np.array([row["kind"] for row in written])

    def part(rows: np.ndarray, name: str, keys: Iterable[str] = chances_by_model) -> dict:
        chosen = [written[row] for row in rows]
        return measure(chosen, {key: chances_by_model[key][rows] for key in keys}, thresholds, name=name)

    sentences = np.flatnonzero(~np.isin(kinds, LONGER))
    return {
        "out_of_domain": part(sentences, "out of domain", (reproduce.BERT, reproduce.LINEAR)),
        "longer": [
            {"kind": kind, "too_long": int(too_long[kinds == kind].sum())}
            | part(np.flatnonzero(kinds == kind), kind)
            for kind in LONGER
        ],
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
