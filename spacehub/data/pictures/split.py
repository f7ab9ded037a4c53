"""Which split a picture belongs to: decided by its pixels, so that identical ones never part.

Within a class the distinct pictures are put in the order of a hash of their digest; the first 15 % are the test
split, the next 10 % validation, the rest training. So the splits are stratified, the same on every machine, and no
generator's state has a part in them. `fold` numbers the same order round and round, for five-fold cross-validation.
"""

import hashlib

import pandas as pd

TEST, VALIDATION = 0.15, 0.10
FOLDS = 5
RULE = (
    "by content: in each class the distinct pictures, in the order of sha256(digest of the pixels), give the first "
    f"{TEST:.0%} to test, the next {VALIDATION:.0%} to validation, the rest to train; pixel-identical pictures are "
    f"always on one side. `fold` is the place in that order modulo {FOLDS}."
)


def assign(table: pd.DataFrame) -> pd.DataFrame:
    """Add ``split`` and ``fold`` to a table with ``label`` and ``digest``; a digest has one of each, for ever.

    A digest that stands in several classes goes where the first of them, by name, sends it.
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
