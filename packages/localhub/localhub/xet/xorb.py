"""An incoming xorb: up to 64 MiB of chunks, each with a header, perhaps compressed.

Source of the format: https://huggingface.co/docs/xet/xorb
"""

import os
from array import array
from pathlib import Path
from typing import Any

from localhub.errors import HubError
from localhub.files.positioned import BINARY, writev
from localhub.xet.hashing import chunk_hash, tree_hash

XORB_BYTES = 64 << 20  # of content
CHUNK_BYTES = 128 << 10
CHUNKS = 8192
HEADER_BYTES = 8
SERIALIZED_BYTES = XORB_BYTES + CHUNKS * HEADER_BYTES
_PLAIN, _LZ4, _GROUPED_LZ4 = range(3)
_MOST_VECTORS = 512  # buffers per writev (POSIX allows 1024)


class XorbUpload:
    """Unpacks, hashes and writes chunks as they arrive; the file is kept only if the xorb matches its name.

    Call `write` for each piece of data, then `finish`; in any other case call `abandon`.

    Parameters
    ----------
    hash : bytes
        Its name.
    temporary : Path
        The file for its content.
    """

    def __init__(self, hash: bytes, temporary: Path):
        self._hash = hash
        self._temporary = temporary
        self._rest = b""
        self._chunks: list[tuple[bytes, int]] = []
        self._starts = array("I", [0])
        self._descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o600)

    def write(self, pieces: list[bytes]) -> None:
        """Process the next bytes.

        Raises
        ------
        HubError
            400 for an invalid chunk, 413 for too many of them.
        """
        data = memoryview(b"".join([self._rest, *pieces]))
        position, contents = 0, []
        while len(data) - position >= HEADER_BYTES:
            packed_size = int.from_bytes(data[position + 1 : position + 4], "little")
            size = int.from_bytes(data[position + 5 : position + 8], "little")
            if data[position] != 0 or not 0 < size <= CHUNK_BYTES or packed_size > 2 * CHUNK_BYTES:
                raise HubError(400, f"Chunk {len(self._chunks)} of the xorb has no valid header.")
            end = position + HEADER_BYTES + packed_size
            if end > len(data):
                break
            content = _unpack(data[position + 4], data[position + HEADER_BYTES : end], size)
            self._add(content)
            contents.append(content)
            position = end
        self._rest = bytes(data[position:])
        _write_all(self._descriptor, contents)

    def finish(self, path: Path) -> "array[int]":
        """Check the name and move the content to `path`; return where each chunk starts, and the end.

        Raises
        ------
        HubError
            400 if the xorb is truncated, or its hash is different.
        """
        if self._rest or not self._chunks:
            raise HubError(400, "The xorb is truncated.")
        if tree_hash(self._chunks) != self._hash:
            raise HubError(400, "The hash of the xorb does not match the hash in its address.")
        os.close(self._descriptor)
        self._descriptor = -1
        os.replace(self._temporary, path)
        return self._starts

    def abandon(self) -> None:
        """Remove all traces."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            self._temporary.unlink(missing_ok=True)

    def _add(self, content: bytes | bytearray | memoryview) -> None:
        end = self._starts[-1] + len(content)
        if len(self._chunks) == CHUNKS or end > XORB_BYTES:
            raise HubError(413, f"A xorb must not exceed {CHUNKS} chunks or {XORB_BYTES} bytes.")
        self._chunks.append((chunk_hash(content), len(content)))
        self._starts.append(end)


def _unpack(scheme: int, packed: memoryview, size: int):
    """Return the content of a chunk, `size` bytes."""
    if scheme == _PLAIN:
        content = packed
    elif scheme in (_LZ4, _GROUPED_LZ4):
        import lz4.frame

        unpacker = lz4.frame.LZ4FrameDecompressor()
        try:
            content = unpacker.decompress(packed, max_length=size + 1)
        except (RuntimeError, EOFError) as error:
            raise HubError(400, "A chunk of the xorb is not in LZ4 format.") from error
        if scheme == _GROUPED_LZ4:
            content = _ungroup(content)
    else:
        raise HubError(400, f"A chunk of the xorb uses an unknown compression scheme ({scheme}).")
    if len(content) != size:
        raise HubError(400, "A chunk of the xorb has a length that does not match its header.")
    return content


def _ungroup(groups: bytes) -> bytearray:
    """Interleave grouped data: it arrives as the first byte of every four, then the second byte of every four, and so on."""
    content, start = bytearray(len(groups)), 0
    for offset in range(4):
        stop = start + (len(groups) + 3 - offset) // 4
        content[offset::4] = groups[start:stop]
        start = stop
    return content


def _write_all(descriptor: int, contents: list[Any]) -> None:
    for first in range(0, len(contents), _MOST_VECTORS):
        vectors = contents[first : first + _MOST_VECTORS]
        written = writev(descriptor, vectors)
        if written < sum(map(len, vectors)):  # a full disk: the next write reports it
            left = memoryview(b"".join(vectors))[written:]
            while left:
                left = left[os.write(descriptor, left) :]
