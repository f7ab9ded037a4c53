"""Build the tables and their report from the raw files, or simulated tables of the same shape from a seed."""

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from spacehub.data.space_titles import clean, communities, groups, report, simulated, split
from spacehub.data.space_titles.table import COLUMNS

FILES = {"default": tuple(f"reddit/{name}.csv" for name in communities.ALL)}
VERSION = "1"
EXAMPLES = 24


def build(sources: Mapping[str, Path], config: str) -> tuple[dict[str, pd.DataFrame], dict]:
    """Clean, group and split the raw files.

    Returns
    -------
    tables : dict of DataFrame
        By split, with the columns of `table.COLUMNS`.
    report : dict
        Every number on the card, ready for JSON.
    """
    return _described(clean.read({Path(name).stem: sources[name] for name in FILES[config]}))


def simulate(seed: int) -> tuple[dict[str, pd.DataFrame], dict]:
    """Generate titles with the same kinds of defects; nobody ever posted them."""
    return _described(simulated.raw(seed))


def _described(raw: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], dict]:
    posts = clean.clean(raw)
    posts["label"] = posts["community"].map(communities.label)
    posts["group"] = groups.group(posts)
    posts["split"] = split.assign(posts)
    posts = posts.sort_values(["created", "id"], kind="stable")
    tables = {
        name: posts.loc[posts["split"] == name, list(COLUMNS)].reset_index(drop=True) for name in split.SPLITS
    }
    return tables, report.describe(posts) | {"traps": report.describe_traps(raw, posts)}


def add_files(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write titles of the test split next to the parquet, for readers without Parquet support: ``examples.json``."""
    test = tables["test"]
    plain = test[test["title"].str.len().between(30, 110) & ~test["title"].str.contains(r"\br/|\[user\]")]
    near = plain[plain["community"].isin((*communities.SPACE, *communities.NEAR))]
    shown = near.groupby("community").head(2).sort_values(["label", "id"]).head(EXAMPLES)
    rows = shown[["id", "title", "label", "community"]].to_dict("records")
    text = json.dumps({"split": "test", "examples": rows}, indent=1, ensure_ascii=False)
    (folder / "examples.json").write_text(text + "\n", encoding="utf-8")
