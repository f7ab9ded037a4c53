"""Example images: those of the test split that the dataset's repository holds next to its tables."""

from dataclasses import dataclass
from pathlib import Path

from space_app.rollout import facts, sizes
from spacehub.serving import picture_files, stated

FILES = ("build.json", "examples/*")
LONGEST_LABEL, LONGEST_NAME = 60, 200  # characters
MOST = 500


@dataclass(frozen=True, kw_only=True)
class Example:
    """An image of the test split: its file, its index among the examples, and its true class."""

    path: Path
    number: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Examples:
    """The images, and the width of the dataset's images on the ground: `side` pixels of `metres_a_pixel`."""

    pictures: list[Example]
    side: int
    metres_a_pixel: float

    @property
    def metres(self) -> float:
        """Width of an image on the ground."""
        return self.side * self.metres_a_pixel


def load(folder: Path) -> Examples:
    """Read the example files of the dataset's repository, which need no Parquet support.

    Raises
    ------
    OSError, ValueError
        If a file is not a small image, a label is not a short text, or a number is out of bounds.
    """
    built = facts.read(folder / "build.json")
    index = folder / "examples" / "index.json"
    listed = stated.listed(
        stated.read(index, largest=sizes.most(index.name)).get("examples"), "examples", MOST
    )
    for row in listed:
        for name, longest in (("file", LONGEST_NAME), ("label", LONGEST_LABEL)):
            stated.text(row.get(name) if isinstance(row, dict) else None, f"{name} of an example", longest)
    sides = stated.listed(built.get("sizes"), "sizes of build.json", MOST)
    side = sides[0].get("width") if isinstance(sides[0], dict) else None
    pictures = [
        Example(path=folder / "examples" / Path(row["file"]).name, number=number, label=row["label"])
        for number, row in enumerate(listed)
    ]
    pictures = [picture for picture in pictures if picture.path.is_file()]
    for picture in pictures:
        picture_files.size(picture.path)
    return Examples(
        pictures=pictures,
        side=stated.whole(side, "width of build.json", 1, 10_000),
        metres_a_pixel=stated.number(built.get("metres_a_pixel"), "metres_a_pixel of build.json", 1e-3, 1e5),
    )
