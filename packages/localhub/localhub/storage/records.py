"""Small records next to the git repository. Each record is a JSON object in a separate file, which is always written as a whole."""

import contextlib
import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

from localhub.files.durable import make_folders, write_file


class Record:
    """A JSON object in a file; a missing file is an empty object.

    Parameters
    ----------
    path : Path
    lock : context manager
        Held while the object changes.
    below : Path
        An existing folder; missing ones between it and the file are created when the file is written.
    """

    def __init__(self, path: Path, *, lock: Any, below: Path):
        self._path = path
        self._lock = lock
        self._below = below

    def read(self) -> dict[str, Any]:
        """Return the file's current content."""
        try:
            return json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}

    @contextlib.contextmanager
    def change(self) -> Generator[dict[str, Any]]:
        """Yield the object, to be changed in place; it is stored if the block ends without an error."""
        with self._lock:
            value = self.read()
            before = json.dumps(value)
            yield value
            if json.dumps(value) != before:
                make_folders(self._path.parent, below=self._below)
                write_file(self._path, json.dumps(value, indent=2).encode() + b"\n", mode=0o600)
