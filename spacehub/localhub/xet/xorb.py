"""A xorb on its way in: up to 64 MiB of chunks, each with a header, perhaps compressed.

Source of the format: https://huggingface.co/docs/xet/xorb
"""

import os
from array import array
from pathlib import Path

import lz4.frame

from spacehub.localhub.errors import HubError
from spacehub.localhub.storage.positioned import BINARY
from spacehub.localhub.xet.hashing import chunk_hash, tree_hash

XORB_BYTES = 64 << 20  # of content
CHUNK_BYTES = 128 << 10
CHUNKS = 8192
HEADER_BYTES = 8
SERIALIZED_BYTES = XORB_BYTES + CHUNKS * HEADER_BYTES
_PLAIN, _LZ4, _GROUPED_LZ4 = range(3)
_MOST_VECTORS = 512  # pieces that one writev takes (POSIX allows 1024)


class XorbUpload:
    """Chunks are unpacked, hashed and written as they arrive; the file is kept only if the xorb is what it is called.

    Call `write` for each piece, then `finish`; `abandon` in any other case.

    Parameters
    ----------
    hash : bytes
        Its name.
    temporary : Path
        Where to write its content.
    """

    def __init__(self, hash: bytes, temporary: Path):
        self._hash = hash
        self._temporary = temporary
        self._rest = b""
        self._chunks: list[tuple[bytes, int]] = []
        self._starts = array("I", [0])
        self._descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o600)

    def write(self, pieces: list[bytes]) -> None:
        """Take in the next bytes.

        Raises
        ------
        HubError
            400 for what is not a chunk, 413 for too many of them.
        """
        data = memoryview(b"".join([self._rest, *pieces]))
        position, contents = 0, []
        while len(data) - position >= HEADER_BYTES:
            packed_size = int.from_bytes(data[position + 1 : position + 4], "little")
            size = int.from_bytes(data[position + 5 : position + 8], "little")
            if data[position] != 0 or not 0 < size <= CHUNK_BYTES or packed_size > 2 * CHUNK_BYTES:
                raise HubError(400, f"Chunk {len(self._chunks)} of the xorb has no valid header")
            end = position + HEADER_BYTES + packed_size
            if end > len(data):
                break
            content = _unpack(data[position + 4], data[position + HEADER_BYTES : end], size)
            self._add(content)
            contents.append(content)
            position = end
        self._rest = bytes(data[position:])
        _write_all(self._descriptor, contents)

    def finish(self, path: Path) -> array:
        """Check the name and put the content at `path`; returns where each chunk begins, and the end.

        Raises
        ------
        HubError
            400 if it is cut off or its hash is another.
        """
        if self._rest or not self._chunks:
            raise HubError(400, "The xorb is cut off")
        if tree_hash(self._chunks) != self._hash:
            raise HubError(400, "The xorb's hash is not the one in its address")
        os.close(self._descriptor)
        self._descriptor = -1
        os.replace(self._temporary, path)
        return self._starts

    def abandon(self) -> None:
        """Leave no trace."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            self._temporary.unlink(missing_ok=True)

    def _add(self, content) -> None:
        end = self._starts[-1] + len(content)
        if len(self._chunks) == CHUNKS or end > XORB_BYTES:
            raise HubError(413, f"A xorb holds at most {CHUNKS} chunks and {XORB_BYTES} bytes")
        self._chunks.append((chunk_hash(content), len(content)))
        self._starts.append(end)


def _unpack(scheme: int, packed: memoryview, size: int):
    """The content of a chunk, `size` bytes."""
    if scheme == _PLAIN:
        content = packed
    elif scheme in (_LZ4, _GROUPED_LZ4):
        unpacker = lz4.frame.LZ4FrameDecompressor()
        try:
            content = unpacker.decompress(packed, max_length=size + 1)
        except (RuntimeError, EOFError) as error:
            raise HubError(400, "A chunk of the xorb is not LZ4") from error
        if scheme == _GROUPED_LZ4:
            content = _ungroup(content)
    else:
        raise HubError(400, f"A chunk of the xorb is compressed in an unknown way ({scheme})")
    if len(content) != size:
        raise HubError(400, "A chunk of the xorb is not as long as its header says")
    return content


def _ungroup(groups: bytes) -> bytearray:
    """Interleave what was sent as all first bytes of each four, then all second ones, and so on."""
    content, start = bytearray(len(groups)), 0
    for offset in range(4):
        stop = start + (len(groups) + 3 - offset) // 4
        content[offset::4] = groups[start:stop]
        start = stop
    return content


def _write_all(descriptor: int, contents: list) -> None:
    for first in range(0, len(contents), _MOST_VECTORS):
        vectors = contents[first : first + _MOST_VECTORS]
        written = os.writev(descriptor, vectors)
        if written < sum(map(len, vectors)):  # a full disk: the next write says so
            left = memoryview(b"".join(vectors))[written:]
            while left:
                left = left[os.write(descriptor, left) :]
