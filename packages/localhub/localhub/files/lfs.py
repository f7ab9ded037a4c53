"""The large files of one repo, stored by their sha256 in the layout of git-lfs (``lfs/objects/ab/cd/<sha256>``).

Each repo has its own store. So nobody can get a private file through another repo by its hash, and the files of a repo are
deleted with it.
"""

import contextlib
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from localhub.errors import HubError, repo_not_found
from localhub.files.durable import fsync_folder, make_folders
from localhub.files.positioned import BINARY

OID = re.compile(r"[0-9a-f]{64}")
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-[^\n]*\n)*oid sha256:([0-9a-f]{64})\nsize ([0-9]{1,18})\n"
)
POINTER_BYTES = 1024  # git-lfs rejects longer pointers


@dataclass(frozen=True)
class Pointer:
    """What git stores in place of a large file.

    Attributes
    ----------
    oid : str
        sha256 of the content, in hex.
    size : int
        Its length in bytes.
    """

    oid: str
    size: int

    def encode(self) -> bytes:
        """Return the pointer file, as git-lfs writes it."""
        return (
            f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.oid}\nsize {self.size}\n".encode()
        )

    @classmethod
    def decode(cls, data: bytes) -> "Pointer | None":
        """Read a pointer file; None for any other content."""
        match = _POINTER.fullmatch(data)
        return cls(match[1].decode(), int(match[2])) if match else None


class LfsStore:
    """The uploaded objects of one repo.

    Parameters
    ----------
    git_folder : Path
        The bare repository.
    incoming : Path
        Folder on the same file system for running uploads.
    """

    def __init__(self, git_folder: Path, incoming: Path):
        self._git_folder = git_folder
        self._objects = git_folder / "lfs" / "objects"
        self._incoming = incoming

    def path(self, oid: str) -> Path:
        """Return the path of an object, whether or not it exists."""
        return self._objects / oid[:2] / oid[2:4] / oid

    def size(self, oid: str) -> int | None:
        """Return the length in bytes of a stored object, or None."""
        try:
            return self.path(oid).stat().st_size
        except FileNotFoundError:
            return None

    def holds(self, pointer: Pointer) -> bool:
        """Return whether the store has exactly this content."""
        return self.size(pointer.oid) == pointer.size

    def claim(self, pointer: Pointer) -> bool:
        """Return whether the store has exactly this content. If so, protect it from removal for a while, because a commit may need it soon."""
        if not self.holds(pointer):
            return False
        with contextlib.suppress(FileNotFoundError):  # removed just now
            os.utime(self.path(pointer.oid))
        return self.holds(pointer)

    def files(self) -> Iterator[Path]:
        """Return every file in the store."""
        for folder, _, names in os.walk(self._objects):
            yield from (Path(folder, name) for name in names)

    def total_bytes(self) -> int:
        """Return the total size of all objects in bytes."""
        return sum(self.size(path.name) or 0 for path in self.files())

    def receive(self, pointer: Pointer) -> "Upload":
        """Start an upload.

        Raises
        ------
        HubError
            507 if the disk has no space for it.
        """
        return self.receive_size(pointer.size, pointer.oid)

    def receive_size(self, size: int, oid: str | None = None) -> "Upload":
        """Start an upload of some bytes whose sha256 may not be known; `Upload.finish` returns it."""
        self.check_room(size)
        return Upload(self, size, oid, self._incoming / f"lfs-{secrets.token_hex(8)}")

    def check_room(self, size: int) -> None:
        """Check that the disk has enough space.

        Raises
        ------
        HubError
            507 if the disk does not have enough space.
        """
        if shutil.disk_usage(self._incoming).free < size:
            raise HubError(
                507,
                f"The embedded Hub's disk does not have enough space for {size} bytes. Free some space, and then try again.",
            )

    def take_from(self, other: "LfsStore", pointer: Pointer) -> bool:
        """Copy an object from another repo, as a hard link if possible; return False if that repo does not have it."""
        if self.claim(pointer):
            return True
        if not other.claim(pointer):
            return False
        temporary = self._incoming / f"lfs-{secrets.token_hex(8)}"
        try:
            try:
                os.link(other.path(pointer.oid), temporary)
            except OSError:
                self.check_room(pointer.size)
                shutil.copyfile(other.path(pointer.oid), temporary)
                with open(temporary, "rb") as file:
                    os.fsync(file.fileno())
            self.admit(temporary, pointer.oid)
        finally:
            temporary.unlink(missing_ok=True)
        return True

    def admit(self, file: Path, oid: str) -> None:
        """Move a checked, durable file into place."""
        if not self._git_folder.is_dir():  # deleted during the upload
            raise repo_not_found()
        path = self.path(oid)
        make_folders(path.parent, below=self._git_folder)
        os.replace(file, path)
        fsync_folder(path.parent)


class Upload:
    """An incoming large file. The file is hashed while it is written, and kept only if its hash matches the declared hash.

    Call `write` for each chunk, then `finish`; in any other case call `abandon`.
    """

    def __init__(self, store: LfsStore, size: int, oid: str | None, temporary: Path):
        self._store = store
        self._size = size
        self._oid = oid
        self._temporary = temporary
        self._hash = hashlib.sha256()
        self._received = 0
        self._descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o444)

    def write(self, pieces: list[bytes]) -> None:
        """Append data.

        Raises
        ------
        HubError
            413 if the file becomes longer than declared.
        """
        for piece in pieces:
            self._received += len(piece)
            if self._received > self._size:
                raise HubError(
                    413,
                    f"The file is larger than the declared size of {self._size} bytes. Upload the file again.",
                )
            self._hash.update(piece)
            view = memoryview(piece)
            while view:
                view = view[os.write(self._descriptor, view) :]

    def finish(self) -> str:
        """Check the file, make it durable, and move it into place; return its sha256.

        Raises
        ------
        HubError
            400 if the length or the sha256 differs from the declared value.
        """
        if self._received != self._size:
            raise HubError(
                400,
                f"Received {self._received} bytes, but the declared size is {self._size} bytes. Upload the file again.",
            )
        oid = self._hash.hexdigest()
        if self._oid not in (None, oid):
            raise HubError(
                400,
                f"The sha256 of the file is {oid}, but the declared sha256 is {self._oid}. Upload the file again.",
            )
        os.fsync(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = -1
        self._store.admit(self._temporary, oid)
        return oid

    def abandon(self) -> None:
        """Remove all traces."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self._temporary.unlink(missing_ok=True)
