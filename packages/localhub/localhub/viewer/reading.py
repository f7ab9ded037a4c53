"""Run `reader` on data files, in a separate process with limits; its results are cached."""

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pygit2

from localhub.child import ChildError, ask
from localhub.errors import HubError
from localhub.extras import need
from localhub.git.entries import Snapshot
from localhub.git.objects import blob_data
from localhub.viewer.splits import file_format

ROWS = 100
FILES_PER_SPLIT = 100
FILE_BYTES = 256 << 20  # limit for a file without an index of its rows
_PROGRAM = Path(__file__).with_name("reader.py")


def read_files(snapshot: Snapshot, paths: list[str]) -> dict[str, Any]:
    """Return `reader`'s results for some files of a dataset, with the first `ROWS` rows.

    Raises
    ------
    HubError
        501 if pyarrow is not installed, 413 for too much data, 422 for files that cannot be read.
    """
    need("viewer", "The dataset viewer")
    if len(paths) > FILES_PER_SPLIT:
        raise HubError(
            413,
            f"This split exceeds the embedded viewer's limit of {FILES_PER_SPLIT} files.",
        )
    files = []
    for path in paths:
        entry, kind = snapshot.require(path), file_format(path)
        if entry.size > FILE_BYTES and kind != "parquet":
            raise HubError(
                413,
                f"{path} is {entry.size} bytes, but the embedded viewer's limit is {FILE_BYTES} bytes.",
            )
        stored = str(snapshot.lfs.path(entry.pointer.oid).absolute()) if entry.pointer else ""
        files.append((kind, entry.oid, stored))
    return _read(snapshot.git.handle.path, tuple(files))


@lru_cache(maxsize=64)
def _read(git_folder: str, files: tuple[tuple[str, str, str], ...]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="viewer-") as folder:
        asked = []
        for number, (kind, oid, stored) in enumerate(files):
            if not stored:
                stored = str(Path(folder, str(number)))
                Path(stored).write_bytes(blob_data(pygit2.Repository(git_folder), oid))
            asked.append({"path": stored, "format": kind})
        try:
            return ask(_PROGRAM, {"files": asked, "rows": ROWS}, folder)
        except ChildError as error:
            raise HubError(422, f"Cannot read the rows: {error}.") from error
