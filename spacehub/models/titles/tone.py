"""Measure the tone of titles with a lexicon, and its agreement with an annotator.

VADER (Hutto and Gilbert 2014, ICWSM) adds up the valence of the words in its lexicon, with rules for
negation, capitals, degree and exclamation marks; it was made for short posts and is not trained on these
titles. The thresholds are its authors': a sum of at least 0.05 is positive, and a sum of at most -0.05
is negative.

`PATH` has an annotator's verdicts on titles of the test split, `DRAWN` of each label, drawn with `SEED` and
judged without seeing VADER's answers. The question is how the text strikes a reader: praise, joy, success
and good news are positive; complaint, loss, danger, failure and bad news are negative; everything else is
neutral, including awe at an image.
"""

import csv
from pathlib import Path

import numpy as np
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from spacehub import data
from spacehub.models.intervals import bootstrap_weights, percentile
from spacehub.models.titles.titles import NAMES, Titles
from spacehub.serving.reliability import wilson

PATH = Path(data.__file__).parent / "space_titles" / "tone_reading.csv"
TONES = ("negative", "neutral", "positive")
BOUND = 0.05
DRAWN, SEED = 75, 2013
RESAMPLES = 2000


def tones(texts: np.ndarray) -> np.ndarray:
    """Return VADER's answer for each text, as an index into `TONES`."""
    analyser = SentimentIntensityAnalyzer()
    sums = np.array([analyser.polarity_scores(text)["compound"] for text in texts])
    return 1 + (sums >= BOUND).astype(int) - (sums <= -BOUND)


def drawn(titles: Titles) -> list[str]:
    """Return the ids of the titles that an annotator judged, in the order drawn."""
    rng, rows = np.random.default_rng(SEED), titles.rows("test")
    by_label = (np.sort(titles.ids[rows[titles.labels[rows] == label]].astype(str)) for label in (0, 1))
    return sorted(title_id for ids in by_label for title_id in rng.choice(ids, DRAWN, replace=False))


def judged() -> dict[str, int]:
    """Return the annotator's verdicts: the index into `TONES` by id."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return {row["id"]: TONES.index(row["tone"]) for row in csv.DictReader(file)}


def describe(titles: Titles) -> dict:
    """Report the tone of all titles by label and community, and how reliable it is.

    Returns
    -------
    dict
        ``labels`` and ``communities``, each with `name`, `label`, `n` and shares `positive` and
        `negative` with 95 % Wilson intervals; and ``checked``, as in `agreement`, None if some of the
        judged titles are missing.
    """
    measured = tones(titles.texts)
    named = titles.labels, np.array(NAMES)[titles.labels]
    verdicts = judged()
    rows = np.flatnonzero([title_id in verdicts for title_id in titles.ids])
    read = np.array([verdicts[title_id] for title_id in titles.ids[rows]], int)
    return {
        "labels": [_shares(measured[named[1] == name], name, name) for name in reversed(NAMES)],
        "communities": [
            _shares(measured[titles.communities == name], name, named[1][titles.communities == name][0])
            for name in sorted(set(titles.communities))
        ],
        "checked": agreement(read, measured[rows], titles.labels[rows])
        if len(rows) == len(verdicts)
        else None,
    }


def agreement(read: np.ndarray, found: np.ndarray, labels: np.ndarray) -> dict:
    """Compare VADER's answers `found` with an annotator's verdicts `read`, both indices into `TONES` (n,).

    Returns
    -------
    dict
        `n`; `confusion`, rows by the annotator, columns by VADER; `accuracy` with its Wilson interval;
        `kappa` (Cohen 1960) with its bootstrap interval; and `shares` of each label, of positive and
        negative titles, by the annotator and by VADER.
    """
    n, hits = len(read), int((read == found).sum())
    low, high = wilson(hits, n)
    pairs = np.eye(9)[3 * read + found]
    weights = bootstrap_weights(n, resamples=RESAMPLES, seed=0)
    ends = percentile(np.array([kappa(table.reshape(3, 3)) for table in weights @ pairs]))
    confusion = pairs.sum(0).reshape(3, 3)
    return {
        "n": n,
        "confusion": confusion.astype(int).tolist(),
        "accuracy": {"value": hits / n, "low": low, "high": high},
        "always_neutral": float((read == TONES.index("neutral")).mean()),
        "kappa": {"value": kappa(confusion), "low": ends[0], "high": ends[1]},
        "shares": [
            {
                "label": name,
                "as_read": _shares(read[labels == place], name, name),
                "as_found": _shares(found[labels == place], name, name),
            }
            for place, name in enumerate(NAMES)
            if (labels == place).any()
        ],
    }


def kappa(confusion: np.ndarray) -> float:
    """Return Cohen's kappa of a table of counts: agreement beyond chance, at most 1."""
    share = confusion / confusion.sum()
    expected = float(share.sum(1) @ share.sum(0))
    return (float(np.trace(share)) - expected) / (1 - expected) if expected < 1 else float("nan")


def _shares(found: np.ndarray, name: str, label: str) -> dict:
    row = {"name": name, "label": str(label), "n": len(found)}
    for tone in ("positive", "negative"):
        hits = int((found == TONES.index(tone)).sum())
        low, high = wilson(hits, len(found))
        row[tone] = {"value": hits / len(found), "low": low, "high": high}
    return row
