"""Serve the files of a static Space."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from localhub.errors import HubError
from localhub.git.entries import Snapshot

INDEX = "index.html"
_PART = 1 << 18
# Media types that some systems lack or define differently.
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True)
class File:
    """A file to send: its media type, its size in bytes, and its content or location."""

    type: str
    size: int
    content: bytes | Path


def find(snapshot: Snapshot, path: str) -> File | None:
    """Return the file at an address below a static Space, or None; for a folder, its ``index.html``."""
    path = path.strip("/") if not path.endswith("/") else f"{path.strip('/')}/{INDEX}".lstrip("/")
    try:
        entry = snapshot.file(path)
    except HubError:
        return None
    if entry is None:
        return None
    suffix = Path(path).suffix.lower()
    kind = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    if entry.pointer:
        return File(kind, entry.size, snapshot.lfs.path(entry.pointer.oid))
    return File(kind, entry.size, snapshot.blob(entry))


def parts(file: File) -> Iterator[bytes]:
    """Yield the content of a file; a large file in several parts."""
    if isinstance(file.content, bytes):
        yield file.content
        return
    with file.content.open("rb") as opened:
        while part := opened.read(_PART):
            yield part
