"""The large files of one repo: content-addressed by sha256, in git-lfs' own layout (``lfs/objects/ab/cd/<sha256>``).

Each repo has a store of its own, so what is private in one cannot be claimed from another by naming its hash, and a
deleted repo takes its files along.
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

from spacehub.localhub.errors import HubError, repo_not_found
from spacehub.localhub.storage.durable import fsync_folder, make_folders
from spacehub.localhub.storage.positioned import BINARY

OID = re.compile(r"[0-9a-f]{64}")
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-[^\n]*\n)*oid sha256:([0-9a-f]{64})\nsize ([0-9]{1,18})\n"
)
POINTER_BYTES = 1024  # git-lfs takes nothing longer for a pointer


@dataclass(frozen=True)
class Pointer:
    """What stands in git for a large file.

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
        """The pointer file, as git-lfs writes it."""
        return (
            f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.oid}\nsize {self.size}\n".encode()
        )

    @classmethod
    def decode(cls, data: bytes) -> "Pointer | None":
        """Read a pointer file; None for any other content."""
        match = _POINTER.fullmatch(data)
        return cls(match[1].decode(), int(match[2])) if match else None


class LfsStore:
    """The objects that were uploaded to one repo.

    Parameters
    ----------
    git_folder : Path
        The bare repository.
    incoming : Path
        Folder on the same file system for uploads under way.
    """

    def __init__(self, git_folder: Path, incoming: Path):
        self._git_folder = git_folder
        self._objects = git_folder / "lfs" / "objects"
        self._incoming = incoming

    def path(self, oid: str) -> Path:
        """Where an object lies, or would lie."""
        return self._objects / oid[:2] / oid[2:4] / oid

    def size(self, oid: str) -> int | None:
        """Length in bytes of a stored object, or None."""
        try:
            return self.path(oid).stat().st_size
        except FileNotFoundError:
            return None

    def holds(self, pointer: Pointer) -> bool:
        """Whether exactly this content is here."""
        return self.size(pointer.oid) == pointer.size

    def claim(self, pointer: Pointer) -> bool:
        """Whether exactly this content is here; if so it is kept for a while, also if no commit needs it yet."""
        if not self.holds(pointer):
            return False
        with contextlib.suppress(FileNotFoundError):  # removed just now
            os.utime(self.path(pointer.oid))
        return self.holds(pointer)

    def files(self) -> Iterator[Path]:
        """Every file in the store."""
        for folder, _, names in os.walk(self._objects):
            yield from (Path(folder, name) for name in names)

    def total_bytes(self) -> int:
        """Bytes that all objects take."""
        return sum(self.size(path.name) or 0 for path in self.files())

    def receive(self, pointer: Pointer) -> "Upload":
        """Begin an upload.

        Raises
        ------
        HubError
            507 if the disk has no room for it.
        """
        self.check_room(pointer.size)
        return Upload(self, pointer, self._incoming / f"lfs-{secrets.token_hex(8)}")

    def check_room(self, size: int) -> None:
        """Let pass what the disk has room for.

        Raises
        ------
        HubError
            507 if it has not.
        """
        if shutil.disk_usage(self._incoming).free < size:
            raise HubError(507, f"Not enough space left on the Hub's disk for {size} bytes")

    def take_from(self, other: "LfsStore", pointer: Pointer) -> bool:
        """Have an object that another repo has, as a hard link where the disk can; False if it has not."""
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
        """Move a checked, durable file to its place."""
        if not self._git_folder.is_dir():  # deleted while the upload was under way
            raise repo_not_found()
        path = self.path(oid)
        make_folders(path.parent, below=self._git_folder)
        os.replace(file, path)
        fsync_folder(path.parent)


class Upload:
    """A large file on its way in: hashed while it is written, and kept only if it is what was announced.

    Call `write` for each piece, then `finish`; `abandon` in any other case.
    """

    def __init__(self, store: LfsStore, pointer: Pointer, temporary: Path):
        self._store = store
        self._pointer = pointer
        self._temporary = temporary
        self._hash = hashlib.sha256()
        self._received = 0
        self._descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o444)

    def write(self, pieces: list[bytes]) -> None:
        """Append.

        Raises
        ------
        HubError
            413 once it is longer than announced.
        """
        for piece in pieces:
            self._received += len(piece)
            if self._received > self._pointer.size:
                raise HubError(413, f"More than the announced {self._pointer.size} bytes were sent")
            self._hash.update(piece)
            view = memoryview(piece)
            while view:
                view = view[os.write(self._descriptor, view) :]

    def finish(self) -> None:
        """Check, make durable, and put in place.

        Raises
        ------
        HubError
            400 if length or sha256 are not as announced.
        """
        if self._received != self._pointer.size:
            raise HubError(400, f"{self._received} bytes were sent where {self._pointer.size} were announced")
        if self._hash.hexdigest() != self._pointer.oid:
            raise HubError(400, f"The content's sha256 is {self._hash.hexdigest()}, not {self._pointer.oid}")
        os.fsync(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = -1
        self._store.admit(self._temporary, self._pointer.oid)

    def abandon(self) -> None:
        """Leave no trace."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self._temporary.unlink(missing_ok=True)
