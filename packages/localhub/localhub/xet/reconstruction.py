"""Serve an LFS object through Xet, as xorbs of plain chunks that are generated while they are sent.

Nothing is stored for this. The name of a file is its sha256, each 16 MiB of it are a xorb, and chunks have the maximum length.
Clients accept any names for files and xorbs. (On huggingface.co, the name of a file is a hash of other chunks.)
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localhub.files.positioned import preadv
from localhub.xet.xorb import CHUNK_BYTES, HEADER_BYTES

LEAST_BYTES = 1 << 20  # smaller files use plain HTTP, which takes a fifth of the time
XORB_BYTES = 16 << 20
READ_BYTES = 4 * CHUNK_BYTES


@dataclass(frozen=True)
class PlainXorb:
    """A part of a file as a xorb of plain chunks.

    Attributes
    ----------
    start : int
        Where it starts in the file.
    size : int
        How many of the file's bytes it contains.
    """

    start: int
    size: int

    @property
    def chunks(self) -> int:
        """The number of chunks."""
        return -(-self.size // CHUNK_BYTES)

    @property
    def serialized_size(self) -> int:
        """The xorb's length in bytes, including the headers of its chunks."""
        return self.size + self.chunks * HEADER_BYTES

    def name(self, oid: str) -> str:
        """The xorb's name. A name is never used for anything else, because clients may remember it."""
        return hashlib.sha256(f"{oid} {self.start} {self.size}".encode()).hexdigest()

    def serialize(self, path: Path) -> Iterator[memoryview]:
        """Yield the xorb, some chunks at a time, from the file."""
        with open(path, "rb") as file:
            for start in range(self.start, self.start + self.size, READ_BYTES):
                yield _chunks(file.fileno(), start, min(start + READ_BYTES, self.start + self.size))


def _chunks(descriptor: int, start: int, stop: int) -> memoryview:
    """Return the bytes from `start` to `stop` of a file as chunks with their headers."""
    sizes = [min(CHUNK_BYTES, stop - at) for at in range(start, stop, CHUNK_BYTES)]
    data = memoryview(bytearray(stop - start + len(sizes) * HEADER_BYTES))
    contents, end = [], 0
    for size in sizes:
        length = size.to_bytes(3, "little")
        data[end : end + HEADER_BYTES] = (
            b"\0" + length + b"\0" + length
        )  # not compressed: the same length twice
        contents.append(data[end + HEADER_BYTES : end + HEADER_BYTES + size])
        end += HEADER_BYTES + size
    if preadv(descriptor, contents, start) != stop - start:
        raise OSError("A large file is shorter than expected")
    return data


def plain_xorbs(size: int, start: int, stop: int) -> list[PlainXorb]:
    """Return the xorbs that contain the bytes from `start` to `stop` of a file of `size` bytes."""
    return [
        PlainXorb(at, min(XORB_BYTES, size - at))
        for at in range(start - start % XORB_BYTES, min(stop, size), XORB_BYTES)
    ]


def reconstruction(
    oid: str, xorbs: list[PlainXorb], skip: int, urls: list[str], *, version: int
) -> dict[str, Any]:
    """Return the response that makes a client fetch these xorbs and skip the first `skip` bytes.

    Source of the formats: https://huggingface.co/docs/xet/api and huggingface/xet-core, cas_types
    """
    terms, fetches = [], {}
    for xorb, url in zip(xorbs, urls, strict=True):
        name, chunks = xorb.name(oid), {"start": 0, "end": xorb.chunks}
        terms.append({"hash": name, "unpacked_length": xorb.size, "range": chunks})
        span = {"start": 0, "end": xorb.serialized_size - 1}
        fetches[name] = (
            [{"url": url, "range": chunks, "url_range": span}]
            if version == 1
            else [{"url": url, "ranges": [{"chunks": chunks, "bytes": span}]}]
        )
    key = "fetch_info" if version == 1 else "xorbs"
    return {"offset_into_first_range": skip, "terms": terms, key: fetches}
