"""Clean training and validation labels by confident learning, before any model of the card is trained.

A linear model is cross-validated over both splits, and `confident.doubted` picks the labels that are
probably wrong. A doubted *other* becomes *space*; a doubted *space* is dropped. This follows from the
titles that an annotator judged (`label_noise`): most doubted *other* titles are about space. Few doubted
*space* titles are about something else, and the subject of most is unclear. The test and the later split keep
the community labels.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.models.titles import confident, linear
from spacehub.models.titles.titles import NAMES, Titles

CLEANED = "cleaned.csv"
SPLITS = ("train", "validation")
DIGITS = 4  # of a probability


def cross_validated(titles: Titles, *, seed: int) -> np.ndarray:
    """Return out-of-fold probabilities of *space* for the titles of `SPLITS`, one split after the other."""
    rows = both(titles)
    return linear.cross_validated(titles.texts[rows], titles.labels[rows], seed=seed)


def find(titles: Titles, chances: np.ndarray) -> pd.DataFrame:
    """Return the doubted titles: `id`, `split`, `label` and out-of-fold `chance` of *space*.

    Parameters
    ----------
    chances : numpy.ndarray
        Of *space* for the titles of `SPLITS`, one split after the other, as `cross_validated` returns them.
    """
    rows = both(titles)
    doubted = confident.doubted(np.stack([1 - chances, chances], axis=1), titles.labels[rows])
    doubted_rows = rows[doubted]
    columns = {
        "id": titles.ids[doubted_rows],
        "split": titles.splits[doubted_rows],
        "label": titles.labels[doubted_rows],
    }
    return pd.DataFrame(columns | {"chance": chances[doubted].round(DIGITS)})


def apply(titles: Titles, doubted: pd.DataFrame) -> Titles:
    """Return `titles` with the doubted labels of `SPLITS` corrected or dropped; other splits stay unchanged."""
    hit = np.isin(titles.ids, doubted["id"].astype(str)) & np.isin(titles.splits, SPLITS)
    space = NAMES.index("space")
    kept = ~(hit & (titles.labels == space))
    columns = ("texts", "communities", "ids", "splits")
    labels = np.where(hit, space, titles.labels)[kept]
    return replace(titles, labels=labels, **{name: getattr(titles, name)[kept] for name in columns})


def both(titles: Titles) -> np.ndarray:
    """Return the indices of the titles of `SPLITS`, one split after the other."""
    return np.concatenate([titles.rows(split) for split in SPLITS])


def write(doubted: pd.DataFrame, folder: Path) -> None:
    """Write ``cleaned.csv``."""
    doubted.to_csv(folder / CLEANED, index=False, lineterminator="\n")


def read(folder: Path) -> pd.DataFrame:
    """Read ``cleaned.csv``."""
    return pd.read_csv(folder / CLEANED, dtype={"id": str, "split": str})


def report(titles: Titles, doubted: pd.DataFrame) -> dict:
    """Return how many titles each split has, how many labels were changed or dropped, and how many titles are left."""
    rows = []
    for split in SPLITS:
        labels = doubted.loc[doubted["split"] == split, "label"]
        dropped, n = int((labels == NAMES.index("space")).sum()), len(titles.rows(split))
        rows.append(
            {
                "name": split,
                "n": n,
                "relabelled": len(labels) - dropped,
                "dropped": dropped,
                "left": n - dropped,
            }
        )
    return {"folds": linear.FOLDS, "strength": linear.CROSS_VALIDATED, "splits": rows}
