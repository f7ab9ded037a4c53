"""Load the training titles: one of our datasets, from the Hub at a pinned commit."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.models.training_data import newest_commit

SPLITS = ("train", "validation", "test", "later")
NAMES = ("other", "space")


@dataclass(frozen=True, kw_only=True)
class Titles:
    """Titles of all splits; `config` names the data's origin.

    `texts`, `communities`, `ids` and `splits` are str [N], `labels` int64 [N], 1 for *space*; `total` is how many titles
    the dataset has.
    """

    texts: np.ndarray
    labels: np.ndarray
    communities: np.ndarray
    ids: np.ndarray
    splits: np.ndarray
    total: int
    id: str
    commit: str
    config: str

    @property
    def simulated(self) -> bool:
        """Whether the titles were generated."""
        return self.config == "simulated"

    def rows(self, split: str) -> np.ndarray:
        """Return the indices of the titles of a split."""
        return np.flatnonzero(self.splits == split)

    def fewer(self, *, train: int | None = None, judged: int | None = None) -> "Titles":
        """Return at most `train` training titles and `judged` of each other split, evenly spread."""
        kept = []
        for split in SPLITS:
            rows, most = self.rows(split), train if split == "train" else judged
            count = len(rows) if most is None else min(most, len(rows))
            kept.append(rows[np.linspace(0, len(rows) - 1, count).astype(int)])
        rows = np.concatenate(kept)
        columns = ("texts", "labels", "communities", "ids", "splits")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})


def load(repo_id: str) -> Titles:
    """Read the dataset from the Hub at its newest commit.

    Raises
    ------
    SpaceHubError
        If the Hub cannot be reached or does not have the dataset.
    """
    from huggingface_hub import snapshot_download

    commit = newest_commit(repo_id)
    wanted = ["build.json", "*.parquet"]
    folder = Path(snapshot_download(repo_id, repo_type="dataset", revision=commit, allow_patterns=wanted))
    return read_snapshot(folder, repo_id=repo_id, commit=commit)


def read_snapshot(folder: Path, *, repo_id: str, commit: str) -> Titles:
    """Read the titles in the dataset's folder, as the Hub stores it."""
    built = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    tables = {Path(name).name.split("-")[0]: pd.read_parquet(folder / name) for name in built["data_files"]}
    return of_tables(tables, id=repo_id, commit=commit, config=built["config"])


def of_tables(tables: dict[str, pd.DataFrame], *, id: str, commit: str, config: str) -> Titles:
    """Join the tables of the splits; their labels are names, or indices into `NAMES`."""
    table = pd.concat([tables[split].assign(split=split) for split in SPLITS], ignore_index=True)
    return Titles(
        texts=table["title"].to_numpy(object),
        labels=table["label"]
        .replace({name: str(place) for place, name in enumerate(NAMES)})
        .to_numpy("int64"),
        communities=table["community"].to_numpy(object),
        ids=table["id"].to_numpy(object),
        splits=table["split"].to_numpy(object),
        total=len(table),
        id=id,
        commit=commit,
        config=config,
    )
