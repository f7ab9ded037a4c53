"""How wrong the labels are: titles of which a model is sure that their label is wrong, read and judged by hand.

``label_reading.csv`` has the ids of 200 training titles, their label, and what a reader of the title alone says that it is
about: ``space``, ``other``, or ``unclear`` where the text does not show it. They are 100 of each label, drawn at random from
those of which the cross-validated linear model was more than 80 % sure of the other label.
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
    """Return, for each label, what the reader says, and for how many training titles that would hold.

    Parameters
    ----------
    titles : Titles
        The dataset; titles that it lacks are left out.
    doubted : dict of int
        Of how many training titles with a label (a name of `NAMES`) the model is sure that it is wrong.

    Returns
    -------
    list of dict
        ``label``, ``n`` that were read, their count by verdict, the share that the text does not show to be what
        the label says with its 95 % interval (Wilson 1927), ``titles`` of that label in training, and ``expected``:
        how many of these that makes, among the doubted ones alone.
    """
    rows = titles.rows("train")
    known, labels = set(titles.ids[rows]), Counter(NAMES[label] for label in titles.labels[rows])
    judged = [row for row in read() if row["id"] in known]
    found = []
    for label in NAMES:
        verdicts = Counter(row["verdict"] for row in judged if row["label"] == label)
        if n := sum(verdicts.values()):
            wrong = n - verdicts[label]
            low, high = wilson(wrong, n)
            found.append(
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
    return found
