"""The gold titles: test titles that an annotator labelled by content, without seeing their label or any model's answer.

`DRAWN` titles of the test split are used, in proportion to their communities (largest remainders, ties by
name). From each community, the titles with the smallest sha256 of `SALT` and id are drawn, so the dataset
alone decides which ones.

`PATH` has their ids and verdicts: `first` and `second` from two readings in different orders, `third` if
these differ, and `verdict`, the final one. The guideline is in ``docs/gold-titles.md``.
"""

import csv
import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub import data
from spacehub.models.intervals import bootstrap_weights, percentile
from spacehub.models.titles import evaluation, reproduce, tone
from spacehub.models.titles.titles import NAMES, Titles

PATH = Path(data.__file__).parent / "space_titles" / "gold.csv"
SPLIT = "gold"
VERDICTS = (*NAMES, "undecidable")
DRAWN, SALT = 600, "gold titles"
RESAMPLES = 2000


def draw(titles: Titles) -> list[str]:
    """Return the ids of the gold titles of a dataset, sorted."""
    rows = titles.rows("test")
    communities, ids = titles.communities[rows], titles.ids[rows].astype(str)
    drawn = []
    for name, count in shares(Counter(communities.tolist()), DRAWN).items():
        drawn += sorted(ids[communities == name].tolist(), key=_rank)[:count]
    return sorted(drawn)


def shares(sizes: dict[str, int], total: int) -> dict[str, int]:
    """Divide `total` in proportion to `sizes` by largest remainders; no share exceeds its size.

    >>> shares({"a": 5, "b": 3, "c": 2}, 4)
    {'a': 2, 'b': 1, 'c': 1}
    """
    everything = sum(sizes.values())
    total = min(total, everything)
    counts = {name: size * total // everything for name, size in sizes.items()}
    order = sorted(sizes, key=lambda name: (-(sizes[name] * total % everything), name))
    for name in order[: total - sum(counts.values())]:
        counts[name] += 1
    return counts


def read() -> list[dict[str, str]]:
    """Return the verdicts: ``id``, ``first``, ``second``, ``third`` and ``verdict``, each of `VERDICTS` or empty."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def report(predictions: pd.DataFrame, models: list[dict]) -> dict:
    """Score models on the gold titles, from their answers on the test split.

    Parameters
    ----------
    predictions : DataFrame
        ``predictions.csv``: `id`, `split`, `label`, and the probability of *space* by model.
    models : list of dict
        ``models`` of ``results.json``: `key`, `name` and `threshold`.

    Returns
    -------
    dict
        Empty unless all gold titles are in the test split. Otherwise ``gold``: `n` of the titles read,
        `verdicts`, `labels` (one row per community label, counts by verdict), `readings` (agreement of
        the two), and `models`. Each model has `metrics` on the decidable titles; `f1_labels`, its F1 on
        the same titles by the community labels; and `f1_strict`, its F1 on all titles read, with
        undecidable titles counted as *other*.
    """
    rows = read()
    test = predictions[predictions["split"] == reproduce.TEST].set_index("id")
    ids = [row["id"] for row in rows]
    if not pd.Index(ids).isin(test.index).all():
        return {}
    predicted = test.loc[ids]
    verdicts, given = np.array([row["verdict"] for row in rows]), predicted["label"].to_numpy()
    space, decided = (verdicts == "space").astype(int), verdicts != "undecidable"
    weights = evaluation.resampled(int(decided.sum()))
    models_ = []
    for model in models:
        chances, threshold = predicted[model["key"]].to_numpy(), model["threshold"]
        models_.append(
            {
                "key": model["key"],
                "name": model["name"],
                "metrics": evaluation.metrics(
                    chances[decided], space[decided], threshold=threshold, weights=weights, split=SPLIT
                ),
                "f1_labels": evaluation.f1(chances[decided] >= threshold, given[decided]),
                "f1_strict": evaluation.f1(chances >= threshold, space),
            }
        )
    return {
        "gold": {
            "n": len(rows),
            "verdicts": dict(zip(VERDICTS, _counts(verdicts), strict=True)),
            "labels": [
                {"name": name, **dict(zip(VERDICTS, _counts(verdicts[given == label]), strict=True))}
                for label, name in enumerate(NAMES)
            ],
            "readings": agreement(rows),
            "models": models_,
        }
    }


def agreement(rows: list[dict[str, str]]) -> dict:
    """Compare the two readings: `n`, how many verdicts are the `same`, and Cohen's `kappa` with its interval."""
    places = {name: place for place, name in enumerate(VERDICTS)}
    first, second = (np.array([places[row[name]] for row in rows]) for name in ("first", "second"))
    size = len(VERDICTS)
    pairs = np.eye(size**2)[size * first + second]
    tables = bootstrap_weights(len(rows), resamples=RESAMPLES, seed=0) @ pairs
    low, high = percentile(np.array([tone.kappa(table.reshape(size, size)) for table in tables]))
    kappa = tone.kappa(pairs.sum(0).reshape(size, size))
    return {
        "n": len(rows),
        "same": int((first == second).sum()),
        "kappa": {"value": kappa, "low": low, "high": high},
    }


def _counts(verdicts: np.ndarray) -> list[int]:
    return [int((verdicts == name).sum()) for name in VERDICTS]


def _rank(title_id: str) -> str:
    return hashlib.sha256(f"{SALT} {title_id}".encode()).hexdigest()
