"""Example pictures: those of the test split that the dataset's repository holds next to its tables."""

import json
from dataclasses import dataclass
from pathlib import Path

FILES = ("build.json", "examples/*")


@dataclass(frozen=True, kw_only=True)
class Example:
    """A picture of the test split: its file, its index among the examples, and its true class."""

    path: Path
    number: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Examples:
    """The pictures, and the width of the dataset's pictures on the ground: `side` pixels of `metres_a_pixel`."""

    pictures: list[Example]
    side: int
    metres_a_pixel: float

    @property
    def metres(self) -> float:
        """Width of a picture on the ground."""
        return self.side * self.metres_a_pixel


def load(folder: Path) -> Examples:
    """Read the example files of the dataset's repository, which need no Parquet support."""
    built = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    listed = json.loads((folder / "examples" / "index.json").read_text(encoding="utf-8"))["examples"]
    pictures = [
        Example(path=folder / "examples" / Path(row["file"]).name, number=number, label=row["label"])
        for number, row in enumerate(listed)
    ]
    return Examples(
        pictures=[picture for picture in pictures if picture.path.is_file()],
        side=int(built["sizes"][0]["width"]),
        metres_a_pixel=float(built["metres_a_pixel"]),
    )
