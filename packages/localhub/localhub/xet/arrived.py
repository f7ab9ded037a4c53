"""A received xorb, and the current place of each of its chunks."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from localhub.errors import HubError
from localhub.files.lfs import LfsStore
from localhub.xet.shard import Term


@dataclass(frozen=True)
class Span:
    """A range of bytes of a file."""

    path: Path
    start: int
    size: int


class Xorb:
    """A received xorb.

    Parameters
    ----------
    file : Path
        The file with its content.
    starts : array of int
        Where each chunk starts in it, and the end.
    """

    def __init__(self, file: Path, starts: "array[int]"):
        self.file: Path | None = file
        self.starts = starts
        self._objects: list[tuple[str, int]] = []  # oid, and where in it this xorb would start
        self._owners = array("i", [-1]) * (len(starts) - 1)  # for each chunk, an index into the list above
        self._unowned = len(self._owners)

    def spans(self, term: Term, lfs: LfsStore) -> Iterator[Span]:
        """Return where the content of a term is.

        Raises
        ------
        HubError
            400 if the xorb does not have these chunks.
        """
        starts = self.starts
        if (
            not 0 <= term.first < term.stop < len(starts)
            or starts[term.stop] - starts[term.first] != term.size
        ):
            raise HubError(400, "The shard refers to chunks that the xorb does not contain.")
        if self.file:
            yield Span(self.file, starts[term.first], term.size)
            return
        first = term.first
        while first < term.stop:
            owner = self._owners[first]
            stop = first + 1
            while stop < term.stop and self._owners[stop] == owner:
                stop += 1
            oid, base = self._objects[owner]
            yield Span(lfs.path(oid), base + starts[first], starts[stop] - starts[first])
            first = stop

    def is_in(self, oid: str, start: int, term: Term) -> None:
        """Record that the chunks of a term are in an LFS object, at `start`; once all chunks are in one, remove the file."""
        if self.file is None:
            return
        self._objects.append((oid, start - self.starts[term.first]))
        for chunk in range(term.first, term.stop):
            if self._owners[chunk] < 0:
                self._owners[chunk] = len(self._objects) - 1
                self._unowned -= 1
        if not self._unowned:
            self.file.unlink(missing_ok=True)
            self.file = None

    def oids(self) -> set[str]:
        """Return the LFS objects from which its chunks may be read."""
        return set() if self.file else {oid for oid, _ in self._objects}
