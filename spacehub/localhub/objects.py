"""New git objects of one commit: gathered first, then made durable all at once."""

import hashlib
from pathlib import Path

import pygit2

from .durable import fsync_folder
from .pack import KINDS, PackWriter

# Up to this many objects go loose (two fsyncs each); more go into one pack (three fsyncs in all).
LOOSE_OBJECTS = 12
LOOSE_BYTES = 1 << 20


class ObjectWriter:
    """Takes objects, tells their ids, and stores them when `flush` is called.

    Objects pour into a pack file, not yet visible, once there are many of them, so memory stays flat.

    Parameters
    ----------
    repo : pygit2.Repository
    """

    def __init__(self, repo: pygit2.Repository):
        self._repo = repo
        self._folder = Path(repo.path) / "objects"
        self._seen: set[bytes] = set()
        self._loose: list[tuple[bytes, str, bytes]] = []
        self._loose_bytes = 0
        self._pack: PackWriter | None = None

    def add(self, kind: str, data: bytes) -> bytes:
        """Take an object ("blob", "tree" or "commit") and return its 20-byte id."""
        oid = hashlib.sha1(b"%s %d\0" % (kind.encode(), len(data)) + data, usedforsecurity=False).digest()
        if oid in self._seen:
            return oid
        self._seen.add(oid)
        if self._pack is None:
            self._loose.append((oid, kind, data))
            self._loose_bytes += len(data)
            if len(self._loose) > LOOSE_OBJECTS or self._loose_bytes > LOOSE_BYTES:
                self._start_pack()
        else:
            self._pack.add(oid, kind, data)
        return oid

    def flush(self) -> None:
        """Make everything durable and visible to git."""
        if self._pack is not None:
            self._pack.finish()
            self._pack = None
        for _, kind, data in self._loose:
            self._repo.odb.write(KINDS[kind], data)
        if self._loose:
            fsync_folder(self._folder)  # libgit2 does not, after making a folder in it
        self._loose = []

    def __enter__(self) -> "ObjectWriter":
        return self

    def __exit__(self, *exception) -> None:
        if self._pack is not None:
            self._pack.abandon()

    def _start_pack(self) -> None:
        self._pack = PackWriter(self._folder / "pack")
        for entry in self._loose:
            self._pack.add(*entry)
        self._loose = []
