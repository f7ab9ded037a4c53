"""Xorbs and shards made by hand, for what no client sends."""

import hashlib
import struct

import lz4.frame

from localhub.xet.hashing import chunk_hash, from_hex, to_hex, tree_hash

PLAIN, LZ4, GROUPED_LZ4 = range(3)
MAGIC = b"HFRepoMetaData\0UigEj{\x81W\x83\xa5\xbd\xd9\\\xcd\xd1J\xa9"
END = b"\xff" * 32 + bytes(16)


def chunk(content: bytes, scheme: int = PLAIN) -> bytes:
    """A chunk in the form that a xorb has."""
    packed = content
    if scheme == GROUPED_LZ4:
        packed = b"".join(content[offset::4] for offset in range(4))
    if scheme != PLAIN:
        packed = lz4.frame.compress(packed)
    header = b"\0" + len(packed).to_bytes(3, "little") + bytes([scheme]) + len(content).to_bytes(3, "little")
    return header + packed


def xorb(*contents: bytes, scheme: int = PLAIN) -> tuple[str, bytes]:
    """Name and bytes of a xorb."""
    hash = tree_hash([(chunk_hash(content), len(content)) for content in contents])
    return to_hex(hash), b"".join(chunk(content, scheme) for content in contents)


def shard(*files: tuple[str, list[tuple[str, int, int, int]]], metadata: bool = True) -> bytes:
    """A shard of files, each sha256 and terms (xorb, first chunk, stop, bytes)."""
    records = [MAGIC, struct.pack("<QQ", 2, 0)]
    for sha256, terms in files:
        records.append(struct.pack("<32sIIQ", bytes(32), metadata << 30, len(terms), 0))
        records += [
            struct.pack("<32sIIII", from_hex(name), 0, size, first, stop) for name, first, stop, size in terms
        ]
        if metadata:
            records.append(from_hex(sha256) + bytes(16))
    return b"".join([*records, END, END])


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
