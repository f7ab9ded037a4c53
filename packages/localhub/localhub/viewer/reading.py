"""Run `reader` on data files, in a separate process with limits; its results are cached."""

import json
import subprocess
import sys
import tempfile
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import pygit2

from localhub.errors import HubError
from localhub.extras import need
from localhub.git.entries import Snapshot
from localhub.viewer.splits import file_format

ROWS = 100
FILES_PER_SPLIT = 100
FILE_BYTES = 256 << 20  # limit for a file without an index of its rows
SECONDS = 60
ANSWER_BYTES = 256 << 20
_TURNS = threading.BoundedSemaphore(2)


def read_files(snapshot: Snapshot, paths: list[str]) -> dict[str, Any]:
    """Return `reader`'s results for some files of a dataset, with the first `ROWS` rows.

    Raises
    ------
    HubError
        501 if pyarrow is not installed, 413 for too much data, 422 for files that cannot be read.
    """
    need("viewer", "The dataset viewer")
    if len(paths) > FILES_PER_SPLIT:
        raise HubError(413, f"The embedded viewer reads splits of at most {FILES_PER_SPLIT} files")
    files = []
    for path in paths:
        entry, kind = snapshot.file(path), file_format(path)
        if entry.size > FILE_BYTES and kind != "parquet":
            raise HubError(
                413, f"{path} has {entry.size} bytes: the embedded viewer reads at most {FILE_BYTES}"
            )
        stored = str(snapshot.lfs.path(entry.pointer.oid).absolute()) if entry.pointer else ""
        files.append((kind, entry.oid, stored))
    return _read(snapshot.git.handle.path, tuple(files))


@lru_cache(maxsize=64)
def _read(git_folder: str, files: tuple[tuple[str, str, str], ...]) -> dict[str, Any]:
    with _TURNS, tempfile.TemporaryDirectory(prefix="viewer-") as folder:
        asked = []
        for number, (kind, oid, stored) in enumerate(files):
            if not stored:
                stored = str(Path(folder, str(number)))
                Path(stored).write_bytes(pygit2.Repository(git_folder)[oid].data)
            asked.append({"path": stored, "format": kind})
        answer = Path(folder, "answer")
        question = json.dumps({"files": asked, "rows": ROWS}).encode()
        program = str(Path(__file__).with_name("reader.py"))
        with answer.open("wb") as out:
            try:
                done = subprocess.run(
                    [sys.executable, "-I", program],
                    input=question,
                    stdout=out,
                    stderr=subprocess.PIPE,
                    timeout=SECONDS,
                    cwd=folder,
                )
            except subprocess.TimeoutExpired as error:
                raise HubError(413, f"Reading these rows takes more than {SECONDS} s") from error
        if done.returncode or answer.stat().st_size > ANSWER_BYTES:
            lines = done.stderr.decode(errors="replace").strip().splitlines() or ["the reader was stopped"]
            raise HubError(422, f"Cannot read the rows: {lines[-1][:500]}")
        return json.loads(answer.read_bytes())
