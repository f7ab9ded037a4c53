"""Write one git packfile and its index: many objects for two fsyncs, whereas loose objects cost two each.

The format is git's own (gitformat-pack(5), version 2 of both files). Objects are stored whole, without deltas.
Objects are streamed to the disk as they arrive, so memory holds only their ids.
"""

import contextlib
import hashlib
import os
import secrets
import struct
import zlib
from pathlib import Path

from localhub.files.durable import fsync_folder

KINDS = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}
_READ_SIZE = 1 << 20


class PackWriter:
    """A pack being written; it becomes visible only with `finish`.

    Parameters
    ----------
    folder : Path
        ``objects/pack`` of a repository.
    incoming : Path
        The folder to write it in first: on the same disk, and emptied after a crash.
    """

    def __init__(self, folder: Path, incoming: Path):
        self._folder = folder
        self._temporary = incoming / f"pack-{secrets.token_hex(8)}"
        self._temporary_index = self._temporary.with_suffix(".idx")
        self._file = open(self._temporary, "wb+")  # noqa: SIM115
        self._entries: list[tuple[bytes, int, int]] = []  # id, CRC-32 of the stored entry, offset
        self._offset = 12
        self._file.write(bytes(12))  # the header contains the count, which is not known yet

    def add(self, oid: bytes, kind: str, data: bytes) -> None:
        """Append an object that is not in this pack yet; `oid` is its 20-byte id."""
        stored = _entry_header(KINDS[kind], len(data)) + zlib.compress(data, 1)
        self._entries.append((oid, zlib.crc32(stored), self._offset))
        self._file.write(stored)
        self._offset += len(stored)

    def finish(self) -> None:
        """Make the pack durable, then visible: the index comes last, because git finds a pack by its index."""
        self._file.seek(0)
        self._file.write(b"PACK" + struct.pack(">II", 2, len(self._entries)))
        self._file.seek(0)
        checksum = hashlib.sha1(usedforsecurity=False)
        while chunk := self._file.read(_READ_SIZE):
            checksum.update(chunk)
        self._file.write(checksum.digest())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

        index = _index(sorted(self._entries), checksum.digest())
        name = self._folder / f"pack-{checksum.hexdigest()}"
        with open(self._temporary_index, "wb") as file:
            file.write(index)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(self._temporary, 0o444)
        os.chmod(self._temporary_index, 0o444)
        os.replace(self._temporary, name.with_suffix(".pack"))
        os.replace(self._temporary_index, name.with_suffix(".idx"))
        fsync_folder(self._folder)

    def abandon(self) -> None:
        """Remove what was written so far."""
        with contextlib.suppress(OSError):  # closing can fail on a full disk
            self._file.close()
        self._temporary.unlink(missing_ok=True)
        self._temporary_index.unlink(missing_ok=True)


def _entry_header(kind: int, size: int) -> bytes:
    """Encode type and size: 4 bits of the size next to the type, then 7 bits per byte, where the top bit means *more*."""
    byte, size = (kind << 4) | (size & 15), size >> 4
    header = bytearray()
    while size:
        header.append(byte | 0x80)
        byte, size = size & 0x7F, size >> 7
    header.append(byte)
    return bytes(header)


def _index(entries: list[tuple[bytes, int, int]], pack_checksum: bytes) -> bytes:
    """Write a version 2 index over entries sorted by id."""
    counts = [0] * 256
    for oid, _, _ in entries:
        counts[oid[0]] += 1
    total, fan_out = 0, []
    for count in counts:
        total += count
        fan_out.append(total)
    small, large = [], []
    for _, _, offset in entries:
        if offset < 1 << 31:
            small.append(offset)
        else:
            small.append(1 << 31 | len(large))
            large.append(offset)
    count = len(entries)
    body = b"".join(
        [
            b"\377tOc" + struct.pack(">I", 2),
            struct.pack(">256I", *fan_out),
            b"".join(oid for oid, _, _ in entries),
            struct.pack(f">{count}I", *(crc for _, crc, _ in entries)),
            struct.pack(f">{count}I", *small),
            struct.pack(f">{len(large)}Q", *large),
            pack_checksum,
        ]
    )
    return body + hashlib.sha1(body, usedforsecurity=False).digest()
