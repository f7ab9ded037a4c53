"""The commits that passed their trial, kept in the app's home folder: after a restart they serve at once."""

import contextlib
import json
import logging
import os
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from huggingface_hub import constants

from spacehub import catalogue
from spacehub.home import home

# Raise it when a trial checks more than before: what passed an earlier one is then tried again.
TRIAL = 1
LARGEST = 2**20  # bytes of the file

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Good:
    """A commit that served: when it was `made` (ISO 8601), the model's `signature`, and how many `known` answers it has."""

    commit: str
    made: str | None
    signature: Mapping[str, list[str]] | None
    known: int
    trial: int = TRIAL

    @property
    def made_at(self) -> datetime | None:
        """When it was made."""
        with contextlib.suppress(TypeError, ValueError):
            return datetime.fromisoformat(self.made)
        return None


class LastGood:
    """The newest good commit of each entry, for the Hub that ``HF_ENDPOINT`` names.

    Parameters
    ----------
    path : Path, optional
        The file; ``serving/commits.json`` under SPACEHUB_HOME otherwise.
    """

    def __init__(self, path: Path | None = None):
        self._path = path or home() / "serving" / "commits.json"
        self._lock = threading.Lock()

    def find(self, entry: catalogue.Entry) -> Good | None:
        """Return the newest good commit of an entry."""
        try:
            found = Good(**self._read()[_key(entry)])
        except (KeyError, TypeError):
            return None
        usable = isinstance(found.commit, str) and isinstance(found.known, int) and found.trial == TRIAL
        return found if usable else None

    def keep(self, entry: catalogue.Entry, good: Good) -> None:
        """Write a good commit down; a folder that cannot be written is logged, and nothing more."""
        with self._lock:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                text = json.dumps(self._read() | {_key(entry): asdict(good)}, indent=1)
                handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".commits-")
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                os.replace(name, self._path)
            except OSError as error:
                log.warning("The last good commits cannot be kept in %s: %s", self._path, error)

    def _read(self) -> dict:
        try:
            if self._path.stat().st_size > LARGEST:
                return {}
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def _key(entry: catalogue.Entry) -> str:
    return f"{constants.ENDPOINT} {entry.repo_type}s/{entry.repo_id}"
