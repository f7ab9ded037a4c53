"""Uploads of large files in parts: a broken connection loses only one part, not the whole file.

Each part is written to its position in one file on the disk. Parts that arrive in order are hashed immediately. Parts that
arrive early or twice are hashed at the end. The state is in memory, and the file is in ``incoming``. So an upload that is
never completed is removed when the Hub starts again, or earlier when it is too old.
"""

import hashlib
import os
import secrets
import threading
import time
from pathlib import Path

from localhub.errors import HubError
from localhub.files.lfs import LfsStore, Pointer
from localhub.files.positioned import BINARY, pread, pwrite

MULTIPART_BYTES = 1 << 30  # a longer file is uploaded in parts
PART_BYTES = 256 << 20
MOST_PARTS = 1000
ABANDONED_SECONDS = 6 * 3600
_READ_BYTES = 4 << 20


def part_bytes(size: int) -> int:
    """Return the length of each part, except the last, for a file of `size` bytes."""
    return max(PART_BYTES, -(-size // MOST_PARTS))


def part_count(size: int) -> int:
    """Return the number of parts for a file of `size` bytes."""
    return -(-size // part_bytes(size))


class MultipartUploads:
    """The running uploads in parts.

    Parameters
    ----------
    incoming : Path
        The folder for them; emptied at the start.
    """

    def __init__(self, incoming: Path):
        self._incoming = incoming
        self._uploads: dict[str, MultipartUpload] = {}
        self._lock = threading.Lock()

    def get(self, name: str, store: LfsStore, pointer: Pointer) -> "MultipartUpload":
        """Return the upload of this name, starting it if it is new."""
        with self._lock:
            for old, upload in list(self._uploads.items()):
                if time.monotonic() - upload.used > ABANDONED_SECONDS:
                    self._uploads.pop(old).abandon()
            if name not in self._uploads:
                store.check_room(pointer.size)
                self._uploads[name] = MultipartUpload(
                    pointer, self._incoming / f"parts-{secrets.token_hex(8)}"
                )
            return self._uploads[name]

    def complete(self, name: str, store: LfsStore, etags: dict[int, str]) -> bool:
        """Move a file whose parts have all arrived into place; return False if no part of this upload is known.

        Raises
        ------
        HubError
            400 if parts are missing or the file does not match its declared sha256; then the file is removed.
        """
        with self._lock:
            upload = self._uploads.get(name)
        if upload is None:
            return False
        try:
            upload.complete(store, etags)
        finally:
            upload.abandon()
            with self._lock:
                self._uploads.pop(name, None)
        return True


class MultipartUpload:
    """One file that is uploaded in parts."""

    def __init__(self, pointer: Pointer, temporary: Path):
        self.used = time.monotonic()
        self._pointer = pointer
        self._temporary = temporary
        self._lock = threading.Lock()
        self._hash, self._hashed = hashlib.sha256(), 0
        self._etags: dict[int, str] = {}
        self._descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | BINARY, 0o444)

    def part(self, number: int) -> "Part":
        """Start part `number`, counted from 1.

        Raises
        ------
        HubError
            404 if the part does not exist.
        """
        if not 1 <= number <= part_count(self._pointer.size):
            raise HubError(404, f"Part {number} does not exist.")
        start = (number - 1) * part_bytes(self._pointer.size)
        return Part(self, number, start, min(start + part_bytes(self._pointer.size), self._pointer.size))

    def write(self, position: int, piece: bytes) -> None:
        """Write a chunk to its place."""
        with self._lock:
            if self._descriptor < 0:
                raise HubError(409, "This upload is no longer active. Request new upload URLs.")
            self.used = time.monotonic()
            if position < self._hashed:  # it may differ from the hashed data
                self._hash, self._hashed = hashlib.sha256(), 0
            if position == self._hashed:
                self._hash.update(piece)
                self._hashed += len(piece)
            view = memoryview(piece)
            while view:
                written = pwrite(self._descriptor, view, position)
                view, position = view[written:], position + written

    def received(self, number: int) -> str:
        """Record that a part has arrived and is durable, with its ETag."""
        with self._lock:
            if self._descriptor < 0:
                raise HubError(409, "This upload is no longer active. Request new upload URLs.")
            os.fsync(self._descriptor)
            self._etags[number] = secrets.token_hex(16)
            return self._etags[number]

    def complete(self, store: LfsStore, etags: dict[int, str]) -> None:
        """Check the file, make it durable, and move it into place; see `MultipartUploads.complete`."""
        with self._lock:
            if self._descriptor < 0:
                return
            count = part_count(self._pointer.size)
            if len(self._etags) != count or etags != self._etags:
                raise HubError(
                    400,
                    f"Some of the {count} parts are missing or have the wrong ETag. Upload the file again.",
                )
            while piece := pread(self._descriptor, _READ_BYTES, self._hashed):
                self._hash.update(piece)
                self._hashed += len(piece)
            if self._hash.hexdigest() != self._pointer.oid:
                raise HubError(
                    400,
                    f"The sha256 of the file is {self._hash.hexdigest()}, but the declared sha256 is {self._pointer.oid}. Upload the file again.",
                )
            os.fsync(self._descriptor)
            self._close()
            store.admit(self._temporary, self._pointer.oid)

    def abandon(self) -> None:
        """Remove all traces, unless the upload was completed."""
        with self._lock:
            self._close()
            self._temporary.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class Part:
    """An incoming part; call `write` for its chunks, then `finish`."""

    def __init__(self, upload: MultipartUpload, number: int, start: int, stop: int):
        self._upload = upload
        self._number = number
        self._position = start
        self._stop = stop

    def write(self, pieces: list[bytes]) -> None:
        """Append data.

        Raises
        ------
        HubError
            413 if the data becomes longer than the part.
        """
        for piece in pieces:
            if self._position + len(piece) > self._stop:
                raise HubError(
                    413, f"Part {self._number} is longer than its declared size. Upload this part again."
                )
            self._upload.write(self._position, piece)
            self._position += len(piece)

    def finish(self) -> str:
        """Return the part's ETag.

        Raises
        ------
        HubError
            400 if the part is shorter than declared.
        """
        if self._position != self._stop:
            raise HubError(
                400,
                f"Part {self._number} is {self._stop - self._position} bytes too short. Upload this part again.",
            )
        return self._upload.received(self._number)
