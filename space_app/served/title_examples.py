"""Example titles: those of the test split that the dataset's repository holds next to its tables."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from space_app.rollout import sizes
from spacehub.serving import stated

FILES = ("build.json", "examples.json")
NAMES = ("title", "community", "label")
LONGEST, MOST = 1_000, 1_000  # characters, titles


@dataclass(frozen=True, kw_only=True)
class Example:
    """A title of the test split, the community where it was posted, and its label, which comes from the community."""

    number: int
    title: str
    community: str
    label: str


def load(folder: Path) -> list[Example]:
    """Read the examples that the dataset's repository holds for readers without Parquet support.

    Raises
    ------
    OSError, ValueError
        If a title, community or label is not a text of 1 to `LONGEST` characters, or there are more than `MOST`.
    """
    path = folder / "examples.json"
    rows = stated.listed(stated.read(path, largest=sizes.most(path.name)).get("examples"), "examples", MOST)
    for row in rows:
        for name in NAMES:
            stated.text(row.get(name) if isinstance(row, dict) else None, f"{name} of an example", LONGEST)
    return [Example(number=number, **{name: row[name] for name in NAMES}) for number, row in enumerate(rows)]


def some(examples: list[Example], each: int) -> list[Example]:
    """Choose `each` titles of each label, from as many communities as possible."""
    chosen, seen = [], Counter()
    rounds = []
    for example in examples:
        rounds.append((seen[example.community], example))
        seen[example.community] += 1
    rounds.sort(key=lambda found: found[0])
    for label in sorted({example.label for example in examples}, reverse=True):
        chosen += [example for _, example in rounds if example.label == label][:each]
    return chosen
