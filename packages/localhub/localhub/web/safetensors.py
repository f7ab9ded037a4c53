"""Read the headers of a repo's safetensors files: tensors, their types, number of parameters.

The format: 8 bytes with the header's length (little-endian), the header in JSON, the tensors
(https://huggingface.co/docs/safetensors/index#format).
"""

import io
import math
import struct
from collections import Counter
from typing import Any, BinaryIO

from localhub import bounded
from localhub.git.entries import Entry, Snapshot

SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
HEADER_BYTES = 25_000_000
MOST_FILES = 1000
MOST_VALUES = 2_000_000  # ten per tensor


def totals(snapshot: Snapshot) -> dict[str, Any] | None:
    """Return the number of parameters by type and in total, or None if there is no such file or one cannot be read."""
    names = [SINGLE] if snapshot.file(SINGLE) else index_files(snapshot, INDEX)
    headers = [found for name in names if (found := header(snapshot, name)) is not None]
    if not headers or len(headers) < len(names):
        return None
    parameters: Counter[str] = Counter()
    for tensors in headers:
        for name, tensor in tensors.items():
            if name != "__metadata__":
                parameters[tensor["dtype"]] += math.prod(tensor["shape"])
    return {"parameters": dict(parameters), "total": parameters.total()}


def index_files(snapshot: Snapshot, path: str) -> list[str]:
    """Return the files that an index names, each once; none if it is missing or malformed."""
    try:
        weights = bounded.loads(snapshot.read(path, limit=HEADER_BYTES) or b"{}", values=MOST_VALUES)[
            "weight_map"
        ]
        files = sorted({str(name) for name in weights.values()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []
    return files if len(files) <= MOST_FILES else []


def header(snapshot: Snapshot, path: str) -> dict[str, Any] | None:
    """Return the header of a safetensors file, or None if it is missing or malformed."""
    entry = snapshot.file(path)
    if entry is None:
        return None
    try:
        with _open(snapshot, entry) as file:
            (length,) = struct.unpack("<Q", file.read(8))
            found = bounded.loads(file.read(length), values=MOST_VALUES) if length <= HEADER_BYTES else None
    except (OSError, ValueError, struct.error, RecursionError):
        return None
    return found if isinstance(found, dict) and all(map(_is_tensor, found.items())) else None


def _open(snapshot: Snapshot, entry: Entry) -> BinaryIO:
    if entry.pointer is None:
        return io.BytesIO(snapshot.blob(entry))
    return open(snapshot.lfs.path(entry.pointer.oid), "rb")


def _is_tensor(item: tuple[str, Any]) -> bool:
    name, value = item
    if name == "__metadata__":
        return isinstance(value, dict)
    return (
        isinstance(value, dict)
        and isinstance(value.get("dtype"), str)
        and isinstance(value.get("shape"), list)
        and all(type(length) is int and 0 <= length < 1 << 53 for length in value["shape"])
    )
