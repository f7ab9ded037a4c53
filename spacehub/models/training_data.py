"""Load the training table of a model: one of our datasets, read from the Hub at a pinned commit."""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from spacehub import endpoint
from spacehub.errors import SpaceHubError


@dataclass(frozen=True, kw_only=True)
class TrainingData:
    """A table and its origin; `config` is ``simulated`` for generated rows, otherwise ``default``."""

    table: pd.DataFrame
    id: str
    commit: str
    config: str

    @property
    def simulated(self) -> bool:
        """Whether the rows were generated."""
        return self.config == "simulated"


def load(repo_id: str) -> TrainingData:
    """Read a dataset from the Hub at its newest commit, with real rows if it has them.

    Raises
    ------
    SpaceHubError
        If the Hub cannot be reached or does not have the dataset.
    """
    from datasets import get_dataset_config_names, load_dataset

    commit = newest_commit(repo_id)
    configs = get_dataset_config_names(repo_id, revision=commit)
    config = "default" if "default" in configs else "simulated"
    rows = load_dataset(repo_id, config, revision=commit, split="train")
    return TrainingData(table=rows.to_pandas(), id=repo_id, commit=commit, config=config)


def newest_commit(repo_id: str, *, fix: str | None = None) -> str:
    """Return the commit at which a dataset on the Hub is read; `fix` says how to create a missing dataset.

    Raises
    ------
    SpaceHubError
        If the Hub cannot be reached or does not have the dataset.
    """
    from huggingface_hub import constants

    endpoint.require_reachable()
    commit = endpoint.published_commit(repo_id, repo_type="dataset")
    if commit is None:
        raise SpaceHubError(
            f"The Hub at {constants.ENDPOINT} has no dataset named {repo_id}.",
            fix
            or f"To build and publish this dataset, run: python -m train_scripts.build_datasets --only {repo_id.split('/')[-1]}",
        )
    return commit


def read_snapshot(folder: Path) -> pd.DataFrame:
    """Read the table in a dataset's folder, as the Hub stores it."""
    built = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    [data_file] = built["data_files"]
    return pd.read_parquet(folder / data_file)
