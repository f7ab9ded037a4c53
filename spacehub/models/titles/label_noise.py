"""Estimate the error rate of the labels: an annotator labelled titles whose label a model considers wrong.

``label_reading.csv`` has the ids of 200 training titles, their label, and the verdict of an annotator who saw
only the title: ``space``, ``other``, or ``unclear`` if the text does not show it. There are 100 titles of
each label. They were drawn at random from the titles for which the cross-validated linear model was more than 80 %
sure of the other label.
"""

import csv
from collections import Counter
from pathlib import Path

from spacehub import data
from spacehub.models.titles.titles import NAMES, Titles
from spacehub.serving.reliability import wilson

PATH = Path(data.__file__).parent / "space_titles" / "label_reading.csv"
VERDICTS = ("space", "other", "unclear")


def read() -> list[dict[str, str]]:
    """Return the titles that were read: ``id``, ``label`` and ``verdict``."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure(titles: Titles, doubted: dict[str, int]) -> list[dict]:
    """Count the annotator's verdicts for each label, and extrapolate them to the doubted training titles.

    Parameters
    ----------
    titles : Titles
        The dataset; titles that it lacks are left out.
    doubted : dict of int
        For each label (a name of `NAMES`), how many training titles the model is sure have the wrong label.

    Returns
    -------
    list of dict
        ``label``; ``n``, the number of titles that were read; their count by verdict; the ``share`` of them whose text
        does not support the label, with its 95 % interval (Wilson 1927); ``titles``, the number of training titles with
        this label; and ``expected``, the number of doubted training titles whose text does not support the label.
    """
    rows = titles.rows("train")
    known, labels = set(titles.ids[rows]), Counter(NAMES[label] for label in titles.labels[rows])
    judged = [row for row in read() if row["id"] in known]
    counts = []
    for label in NAMES:
        verdicts = Counter(row["verdict"] for row in judged if row["label"] == label)
        if n := sum(verdicts.values()):
            wrong = n - verdicts[label]
            low, high = wilson(wrong, n)
            counts.append(
                {
                    "label": label,
                    "n": n,
                    **{verdict: verdicts[verdict] for verdict in VERDICTS},
                    "share": wrong / n,
                    "low": low,
                    "high": high,
                    "titles": labels[label],
                    "expected": round(doubted[label] * wrong / n),
                }
            )
    return counts
