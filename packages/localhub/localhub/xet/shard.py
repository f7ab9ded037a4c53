"""Read a shard, which lists the chunks and xorbs of each file in an upload.

Source of the format: https://huggingface.co/docs/xet/shard
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from localhub.errors import HubError
from localhub.xet.hashing import HASH_BYTES, to_hex

SHARD_BYTES = 64 << 20
_MAGIC = b"HFRepoMetaData\0UigEj{\x81W\x83\xa5\xbd\xd9\\\xcd\xd1J\xa9"
_HEADER = struct.Struct("<32sQQ")
_RECORD = struct.Struct("<32sIIII")  # all of a shard's records are this long
_VERSION = 2
_END = b"\xff" * HASH_BYTES
_HAS_VERIFICATION, _HAS_METADATA = 1 << 31, 1 << 30


@dataclass(frozen=True)
class Term:
    """A run of a xorb's chunks.

    Attributes
    ----------
    xorb : bytes
        Hash of the xorb.
    first : int
        Index of the first chunk.
    stop : int
        Index after the last one.
    size : int
        Length of their content in bytes.
    """

    xorb: bytes
    first: int
    stop: int
    size: int


@dataclass(frozen=True)
class XetFile:
    """A file of the upload.

    Attributes
    ----------
    name : str
        Its Xet hash, in hex.
    oid : str or None
        sha256 of its content, in hex; None if the client did not compute it, as for buckets.
    terms : list of Term
        Its terms, in order.
    """

    name: str
    oid: str | None
    terms: list[Term]

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return sum(term.size for term in self.terms)


def read_shard(data: bytes) -> list[XetFile]:
    """Return the files of a shard; its information on xorbs is already known and not read.

    Raises
    ------
    HubError
        400 if the data is not a shard.
    """
    try:
        magic, version, _ = _HEADER.unpack_from(data)
        if magic != _MAGIC or version != _VERSION:
            raise HubError(400, "The version of the shard is not supported.")
        return list(_files(data))
    except struct.error as error:
        raise HubError(400, "The shard is truncated.") from error


def _files(data: bytes) -> Iterator[XetFile]:
    position = _HEADER.size
    while True:
        hash, flags, count, *_ = _RECORD.unpack_from(data, position)
        if hash == _END:
            return
        terms_end = position + (1 + count) * _RECORD.size
        if terms_end > len(data):
            raise HubError(400, "The shard is truncated.")
        terms = [
            Term(xorb, first, stop, size)
            for xorb, _, size, first, stop in _RECORD.iter_unpack(data[position + _RECORD.size : terms_end])
        ]
        position = terms_end + count * _RECORD.size if flags & _HAS_VERIFICATION else terms_end
        oid = None
        if flags & _HAS_METADATA:
            sha256, *_ = _RECORD.unpack_from(data, position)
            oid = to_hex(sha256)
            position += _RECORD.size
        yield XetFile(to_hex(hash), oid, terms)
