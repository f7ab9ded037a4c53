"""Example pictures: those of the test split that the dataset's repository holds next to its tables."""

import json
from dataclasses import dataclass
from pathlib import Path

from spacehub.serving import picture_files

FILES = ("build.json", "examples/*")
LONGEST_LABEL = 60  # characters


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
    """Read the example files of the dataset's repository, which need no Parquet support.

    Raises
    ------
    OSError, ValueError
        If a file is not a small picture, or a label is not a short text.
    """
    built = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    listed = json.loads((folder / "examples" / "index.json").read_text(encoding="utf-8"))["examples"]
    pictures = [
        Example(path=folder / "examples" / Path(row["file"]).name, number=number, label=row["label"])
        for number, row in enumerate(listed)
    ]
    pictures = [picture for picture in pictures if picture.path.is_file()]
    for picture in pictures:
        picture_files.size(picture.path)
        if not isinstance(picture.label, str) or len(picture.label) > LONGEST_LABEL:
            raise ValueError(f"The label of {picture.path.name} is not a short text.")
    return Examples(
        pictures=pictures,
        side=int(built["sizes"][0]["width"]),
        metres_a_pixel=float(built["metres_a_pixel"]),
    )
