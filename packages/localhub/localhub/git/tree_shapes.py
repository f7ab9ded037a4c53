"""Measure how deep, long and large the folders of a commit are. A few objects can expand to an astronomical number of files."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pygit2

from localhub.git.tree import FOLDER_MODE, read_tree
from localhub.ids import MAX_PATH_BYTES, MAX_PATH_PARTS

MOST_FILES = 1_000_000


@dataclass(frozen=True)
class Shape:
    """A folder's size: parts and bytes of its longest paths, and the number of files in it and its subfolders."""

    parts: int = 0
    length: int = 0
    files: int = 0


class TreeShapes:
    """The shapes of folders, each read once, no matter how often it is used.

    Parameters
    ----------
    repo : pygit2.Repository
        The repository that has them.
    """

    def __init__(self, repo: pygit2.Repository):
        self._repo = repo
        self._known: dict[bytes, Shape] = {}

    def problems(self, commit: pygit2.Commit) -> Iterator[str]:
        """Yield a sentence for each limit that a commit exceeds."""
        shape = self._of(commit.tree.id.raw)
        if shape.parts > MAX_PATH_PARTS or shape.length > MAX_PATH_BYTES:
            yield f"A path must not exceed {MAX_PATH_PARTS} parts or {MAX_PATH_BYTES} bytes. Use fewer levels of folders."
        if shape.files > MOST_FILES:
            yield f"A commit may contain at most {MOST_FILES} files. Pack them into archives or Parquet files."

    def _of(self, root: bytes) -> Shape:
        """Walk depth first, without recursion. Count a folder that is too deep, but do not follow it."""
        way: list[tuple[bytes, int, list[Any] | None]] = [(root, 0, None)]
        while way:
            oid, depth, entries = way.pop()
            if oid in self._known:
                continue
            if entries is not None:  # all below it is known
                self._known[oid] = _joined(entries, self._known)
                continue
            entries = list(read_tree(self._repo, oid))
            way.append((oid, depth, entries))
            if depth < MAX_PATH_PARTS:
                way += [(below, depth + 1, None) for _, (mode, below) in entries if mode == FOLDER_MODE]
        return self._known[root]


_TOO_DEEP = Shape(parts=MAX_PATH_PARTS)


def _joined(entries: list[tuple[bytes, tuple[int, bytes]]], known: dict[bytes, Shape]) -> Shape:
    parts = length = files = 0
    for name, (mode, oid) in entries:
        below = known.get(oid, _TOO_DEEP) if mode == FOLDER_MODE else Shape(files=1)
        parts = max(parts, 1 + below.parts)
        length = max(length, len(name) + (1 + below.length if below.length else 0))
        files += below.files
    return Shape(parts, length, min(files, MOST_FILES + 1))
