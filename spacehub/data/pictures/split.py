"""Assign images to splits by their pixels, so that identical images are always in the same split.

Within a class, the distinct images are ordered by a hash of their digest. The first 15 % are the test
split, the next 10 % the validation split, and the rest the train split. So the splits are stratified, the same on every
machine, and independent of any random generator's state. `fold` numbers the same order cyclically, for
five-fold cross-validation.
"""

import hashlib

import pandas as pd

TEST, VALIDATION = 0.15, 0.10
FOLDS = 5
RULE = (
    "by a hash of their pixels, so images with identical pixels are always in the same split. Within "
    "each class, the distinct images are sorted by the SHA-256 hash of the value in the `digest` column. In "
    f"each class, the first {100 * TEST:.0f} % of the sorted images form the test split, the "
    f"next {100 * VALIDATION:.0f} % the validation split, and the rest the train split. The `fold` of an "
    f"image is its position in the sorted list of its class, modulo {FOLDS}."
)


def assign(table: pd.DataFrame) -> pd.DataFrame:
    """Add ``split`` and ``fold`` to a table with ``label`` and ``digest``; a digest always gets the same values.

    A digest that occurs in several classes gets the split and fold of the first of them by name.
    """
    placed: dict[str, tuple[str, int]] = {}
    for _, members in sorted(table.groupby("label")["digest"]):
        distinct = sorted(set(members) - placed.keys(), key=_order)
        for place, digest in enumerate(distinct):
            share = (place + 0.5) / len(distinct)
            split = "test" if share < TEST else "validation" if share < TEST + VALIDATION else "train"
            placed[digest] = split, place % FOLDS
    splits = table["digest"].map(lambda digest: placed[digest][0])
    folds = table["digest"].map(lambda digest: placed[digest][1])
    return table.assign(split=splits, fold=folds.astype("int8"))


def _order(digest: str) -> str:
    return hashlib.sha256(digest.encode()).hexdigest()
