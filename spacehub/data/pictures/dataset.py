"""Common parts of all image datasets: the tables by split, their types, the report, and examples."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from spacehub.data.pictures import archive, simulated, split

if TYPE_CHECKING:
    from datasets import Features

SPLITS = ("train", "validation", "test")
COLUMNS = {
    "image": "The image file. TIFF files are converted to PNG, and other files are unchanged.",
    "label": "Class of the image",
    "file": "Path of the image in the archive",
    "digest": "SHA-256 hash of the image's size and RGB pixels",
    "fold": f"Cross-validation fold of the image, from 0 to {split.FOLDS - 1}",
}
EXAMPLES_OF_A_CLASS = 2


@dataclass(frozen=True, kw_only=True)
class PictureDataset:
    """A dataset from one archive with one folder per class; `archives` names the archive by config, the best first."""

    archives: dict[str, str]
    classes: tuple[str, ...]
    metres_a_pixel: float

    def build(self, sources: Mapping[str, Path], config: str) -> tuple[dict[str, pd.DataFrame], dict]:
        """Read and split the archive.

        Returns
        -------
        tables : dict of DataFrame
            By split, with the columns of `COLUMNS`.
        report : dict
            Every number on the card, ready for JSON.
        """
        return self._tables_and_report(archive.read(sources[self.archives[config]]))

    def simulate(self, seed: int) -> tuple[dict[str, pd.DataFrame], dict]:
        """Generate images of the same classes; the images do not show any real land."""
        return self._tables_and_report(simulated.pictures(self.classes, seed=seed))

    def features(self) -> "Features":
        """Return the types of the columns."""
        from datasets import ClassLabel, Features, Image, Value

        return Features(
            {
                "image": Image(),
                "label": ClassLabel(names=list(self.classes)),
                "file": Value("string"),
                "digest": Value("string"),
                "fold": Value("int8"),
            }
        )

    def _tables_and_report(self, pictures: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], dict]:
        placed = split.assign(pictures)
        tables = {
            name: placed.loc[placed["split"] == name, list(COLUMNS)].reset_index(drop=True) for name in SPLITS
        }
        counts = pd.crosstab(placed["label"], placed["split"]).reindex(columns=list(SPLITS), fill_value=0)
        sizes = placed.groupby(["width", "height"]).size().sort_values(ascending=False)
        return tables, {
            "rows": len(placed),
            "classes": [
                {"name": name, **{key: int(count) for key, count in row.items()}, "all": int(row.sum())}
                for name, row in counts.iterrows()
            ],
            "splits": {name: len(table) for name, table in tables.items()},
            "rule": split.RULE,
            "metres_a_pixel": self.metres_a_pixel,
            "sizes": [{"width": w, "height": h, "pictures": int(n)} for (w, h), n in sizes.items()],
            "duplicates": _duplicates(placed),
            "columns": [{"name": name, "meaning": meaning} for name, meaning in COLUMNS.items()],
        }


def add_examples(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write images of the test split next to the parquet, for readers without Parquet support: ``examples/``."""
    (folder / "examples").mkdir()
    listed = []
    for label, members in tables["test"].groupby("label"):
        for number, row in enumerate(members.head(EXAMPLES_OF_A_CLASS).itertuples(), start=1):
            name = f"{label}-{number}{Path(row.image['path']).suffix.lower()}"
            (folder / "examples" / name).write_bytes(row.image["bytes"])
            listed.append({"file": name, "label": label, "from": row.file})
    text = json.dumps({"split": "test", "examples": listed}, indent=1)
    (folder / "examples" / "index.json").write_text(text + "\n", encoding="utf-8")


def _duplicates(placed: pd.DataFrame) -> list[dict]:
    """List the images whose pixels occur more than once."""
    groups = placed[placed.duplicated("digest", keep=False)].groupby("digest", sort=False)
    return [
        {
            "files": list(members["file"]),
            "split": members["split"].iat[0],
            "one_class": members["label"].nunique() == 1,
        }
        for _, members in groups
    ]
