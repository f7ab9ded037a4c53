"""Example titles: those of the test split that the dataset's repository holds next to its tables."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FILES = ("build.json", "examples.json")


@dataclass(frozen=True, kw_only=True)
class Example:
    """A title of the test split, the community where it was posted, and its label, which comes from the community."""

    number: int
    title: str
    community: str
    label: str


def load(folder: Path) -> list[Example]:
    """Read the examples that the dataset's repository holds for readers without Parquet support."""
    rows = json.loads((folder / "examples.json").read_text(encoding="utf-8"))["examples"]
    return [
        Example(number=number, **{name: str(row[name]) for name in ("title", "community", "label")})
        for number, row in enumerate(rows)
    ]


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
