"""Store facts about each catalogue entry in a small JSON file, to read them after a restart."""

import json
import logging
import os
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from huggingface_hub import constants

from spacehub import catalogue

LARGEST = 2**20  # bytes of the file

log = logging.getLogger(__name__)


class Kept:
    """A JSON file with one object per entry, for the Hub that ``HF_ENDPOINT`` names.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path):
        self._path, self._lock = path, threading.Lock()

    def read(self, entry: catalogue.Entry) -> Mapping:
        """Return the facts about an entry, or an empty mapping."""
        found = self._all().get(_key(entry))
        return found if isinstance(found, dict) else {}

    def write(self, entry: catalogue.Entry, facts: Mapping) -> None:
        """Store the facts about an entry. If the file cannot be written, only log it."""
        with self._lock:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                text = json.dumps(self._all() | {_key(entry): facts}, indent=1)
                handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.stem}-")
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                os.replace(name, self._path)
            except OSError as error:
                log.warning(
                    "Cannot write to %s: %s. The app will lose the unsaved state when it restarts.",
                    self._path,
                    error,
                )

    def _all(self) -> dict:
        try:
            if self._path.stat().st_size > LARGEST:
                return {}
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def _key(entry: catalogue.Entry) -> str:
    return f"{constants.ENDPOINT} {entry.repo_type}s/{entry.repo_id}"
