"""Read and write at a position of an open file, from several threads, even if the system cannot (Windows).

On such a system, the functions move the file's only position under a lock.
"""

import os
import threading
from collections.abc import Sequence

BINARY = getattr(os, "O_BINARY", 0)  # for os.open: otherwise Windows would change line endings

_LOCK = threading.Lock()


def pread(descriptor: int, size: int, position: int) -> bytes:
    """Return at most `size` bytes from a position; fewer at the end of the file."""
    if hasattr(os, "pread"):
        return os.pread(descriptor, size, position)
    with _LOCK:
        os.lseek(descriptor, position, os.SEEK_SET)
        return os.read(descriptor, size)


def preadv(descriptor: int, buffers: Sequence[bytearray | memoryview], position: int) -> int:
    """Fill buffers from a position; return the number of bytes read."""
    if hasattr(os, "preadv"):
        return os.preadv(descriptor, buffers, position)
    done = 0
    for buffer in buffers:
        view = memoryview(buffer).cast("B")
        while view:
            piece = pread(descriptor, len(view), position + done)
            if not piece:
                return done
            view[: len(piece)] = piece
            view, done = view[len(piece) :], done + len(piece)
    return done


def writev(descriptor: int, buffers: Sequence[bytes | bytearray | memoryview]) -> int:
    """Write buffers at the file's own position; return the number of bytes written."""
    if hasattr(os, "writev"):
        return os.writev(descriptor, buffers)
    return os.write(descriptor, b"".join(buffers))


def pwrite(descriptor: int, data: bytes | memoryview, position: int) -> int:
    """Write at a position; return the number of bytes written."""
    if hasattr(os, "pwrite"):
        return os.pwrite(descriptor, data, position)
    with _LOCK:
        os.lseek(descriptor, position, os.SEEK_SET)
        return os.write(descriptor, data)
