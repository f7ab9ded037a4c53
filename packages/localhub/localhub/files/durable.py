"""Durable writes: fsync the file, rename it, fsync its folder, so that acknowledged data survives a crash."""

import os
import secrets
from pathlib import Path

from localhub.files.positioned import BINARY


def fsync_folder(folder: str | os.PathLike[str]) -> None:
    """Make the names in a folder durable (a no-op where folders cannot be opened, as on Windows)."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_file(path: Path, data: bytes, *, mode: int = 0o644, incoming: Path | None = None) -> None:
    """Write a complete new file at `path`, or leave the old one.

    Until the file is complete, it is in the `incoming` folder (on the same disk; otherwise next to `path`).
    """
    temporary = (incoming or path.parent) / f".{path.name}.{secrets.token_hex(4)}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync_folder(path.parent)


def make_folders(folder: Path, *, below: Path) -> None:
    """Create the folders from `below` (which must exist) down to `folder`, and make each name durable."""
    missing = []
    while folder != below and not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        fsync_folder(path.parent)


def fsync_tree(folder: Path) -> None:
    """Make every file below a folder durable, with its name."""
    for path, _, files in os.walk(folder):
        for name in files:
            with open(os.path.join(path, name), "rb") as file:
                os.fsync(file.fileno())
        fsync_folder(path)
