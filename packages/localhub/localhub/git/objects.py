"""New git objects of one commit: collected first, then made durable together."""

import hashlib
import zlib
from pathlib import Path

import pygit2

from localhub.errors import entry_not_found
from localhub.files.durable import make_folders, write_file
from localhub.git.pack import PackWriter

# Up to this many objects are stored loose (two fsyncs each); more go into one pack (three fsyncs in total).
LOOSE_OBJECTS = 12
LOOSE_BYTES = 1 << 20


def blob_data(repo: pygit2.Repository, oid: pygit2.Oid | str) -> bytes:
    """Return the content of a file in git.

    Raises
    ------
    HubError
        404 if the object is not a file.
    """
    found = repo[oid]
    if not isinstance(found, pygit2.Blob):
        raise entry_not_found(str(oid))
    return found.data


class ObjectWriter:
    """Collects objects, returns their ids, and stores them when `flush` is called.

    If there are many objects, they are streamed into a pack file that is not yet visible, so memory stays flat.

    Parameters
    ----------
    repo : pygit2.Repository
    incoming : Path
        Folder on the same disk for incomplete files.
    """

    def __init__(self, repo: pygit2.Repository, incoming: Path):
        self._incoming = incoming
        self._folder = Path(repo.path) / "objects"
        self._seen: set[bytes] = set()
        self._loose: list[tuple[bytes, str, bytes]] = []
        self._loose_bytes = 0
        self._pack: PackWriter | None = None

    def add(self, kind: str, data: bytes) -> bytes:
        """Add an object ("blob", "tree" or "commit") and return its 20-byte id."""
        oid = hashlib.sha1(_header(kind, data) + data, usedforsecurity=False).digest()
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
        for entry in self._loose:
            self._write_loose(*entry)
        self._loose = []

    def __enter__(self) -> "ObjectWriter":
        return self

    def __exit__(self, *exception: object) -> None:
        if self._pack is not None:
            self._pack.abandon()

    def _write_loose(self, oid: bytes, kind: str, data: bytes) -> None:
        """Write as git does: the header and the content, deflated, under the id (gitrepository-layout(5))."""
        name = oid.hex()
        path = self._folder / name[:2] / name[2:]
        if not path.exists():
            make_folders(path.parent, below=self._folder)
            write_file(
                path, zlib.compress(_header(kind, data) + data, 1), mode=0o444, incoming=self._incoming
            )

    def _start_pack(self) -> None:
        self._pack = PackWriter(self._folder / "pack", self._incoming)
        for entry in self._loose:
            self._pack.add(*entry)
        self._loose = []


def _header(kind: str, data: bytes) -> bytes:
    return b"%s %d\0" % (kind.encode(), len(data))
