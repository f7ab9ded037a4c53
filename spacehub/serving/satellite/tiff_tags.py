"""Read the first directory of a TIFF or BigTIFF file: its tags, without decoding a pixel (TIFF 6.0; BigTIFF)."""

from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

TYPES = {
    1: "u1",
    2: "u1",
    3: "u2",
    4: "u4",
    6: "i1",
    7: "u1",
    8: "i2",
    9: "i4",
    11: "f4",
    12: "f8",
    13: "u4",
    16: "u8",
    17: "i8",
    18: "u8",
}
MOST_TAGS, MOST_VALUES = 1_000, 1_000_000


@dataclass(frozen=True, kw_only=True)
class Tags:
    """The tags of a file, by number; `order` is ``<`` or ``>``, the order of its bytes."""

    values: dict[int, np.ndarray]
    order: str

    def one(self, tag: int, default: int) -> int:
        """Return the first value of a tag of whole numbers."""
        return next(iter(self.counts(tag)), default)

    def counts(self, tag: int) -> list[int]:
        """Return all values of a tag of whole numbers; empty if the tag does not exist."""
        found = self.values.get(tag)
        return [] if found is None or found.dtype.kind == "f" else found.tolist()

    def numbers(self, tag: int) -> list[int | float]:
        """Return all values of a tag; empty if the tag does not exist."""
        return self.values[tag].tolist() if tag in self.values else []

    def text(self, tag: int) -> str:
        """Return a tag's text."""
        return (
            self.values[tag].tobytes().partition(b"\0")[0].decode("utf-8", "replace")
            if tag in self.values
            else ""
        )


def read(file: BinaryIO) -> Tags:
    """Return the tags of the first directory; tags of unknown types, or that are too long, are left out.

    Raises
    ------
    ValueError
        If the file is not a TIFF file, or is cut off before the end of the directory.
    """
    head = _exactly(file, 0, 8)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    version = int(np.frombuffer(head, f"{order}u2", 1, 2)[0]) if order else 0
    if version not in (42, 43):
        raise ValueError("no TIFF header")
    if big := version == 43:
        at = int(np.frombuffer(_exactly(file, 8, 8), f"{order}u8")[0])
    else:
        at = int(np.frombuffer(head, f"{order}u4", 1, 4)[0])
    counted, entry, word = (8, 20, "u8") if big else (2, 12, "u4")
    count = int(np.frombuffer(_exactly(file, at, counted), order + ("u8" if big else "u2"))[0])
    if count > MOST_TAGS:
        raise ValueError("too many tags")
    held = 8 if big else 4  # bytes of a value that fit in the entry itself
    kind = np.dtype(
        [
            ("tag", f"{order}u2"),
            ("type", f"{order}u2"),
            ("count", order + word),
            ("value", f"V{held}"),
        ]
    )
    table = np.frombuffer(_exactly(file, at + counted, count * entry), kind)
    values = {}
    for row in table:
        form, length = TYPES.get(int(row["type"])), int(row["count"])
        if form is None or length > MOST_VALUES:
            continue
        dtype = np.dtype(order + form) if form[1] != "1" else np.dtype(form)
        size, inside = length * dtype.itemsize, row["value"].tobytes()
        if size > len(inside):
            inside = _exactly(file, int(np.frombuffer(inside, order + word)[0]), size)
        values[int(row["tag"])] = np.frombuffer(inside, dtype, length)
    return Tags(values=values, order=order)


def _exactly(file: BinaryIO, at: int, size: int) -> bytes:
    try:
        file.seek(at)
    except (OSError, OverflowError) as error:
        raise ValueError("nothing there") from error
    data = file.read(size)
    if len(data) != size:
        raise ValueError("cut off")
    return data
