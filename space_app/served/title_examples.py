"""Example titles: those of the test split that the dataset's repository holds next to its tables."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FILES = ("build.json", "examples.json")
NAMES = ("title", "community", "label")
LONGEST = 1_000  # characters


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
        If a title, community or label is not a text of at most `LONGEST` characters.
    """
    rows = json.loads((folder / "examples.json").read_text(encoding="utf-8"))["examples"]
    for row in rows:
        for name in NAMES:
            if not isinstance(row[name], str) or len(row[name]) > LONGEST:
                raise ValueError(f"{name} of an example is not a text of at most {LONGEST} characters.")
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
