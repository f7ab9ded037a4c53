"""Store rows of feedback on this disk, and then commit them to a dataset on the Hub."""

import contextlib
import logging
import os
import threading
import uuid
from pathlib import Path

from huggingface_hub import CommitScheduler

from spacehub.errors import SpaceHubError
from spacehub.serving.feedback import MODELS, Row

MOST_ROWS, MOST_BYTES, FILE_BYTES = 20_000, 64 * 2**20, 2**20
EVERY_MINUTES, LAST_SECONDS = 5, 5
# The wait before the second attempt to open the dataset; it doubles up to the longest.
RETRY_SECONDS, LONGEST_RETRY_SECONDS = 1, 60
CARD = """---
configs:
{configs}---
# Feedback on the answers of SpaceHub's models

Each row is a visitor's verdict on one answer: the model's `input`, its `answer`, whether the answer is `right`, and a
`correction`, if the visitor gave one. Visitors agreed to this when they clicked. A row contains nothing about the
visitor: no name, address or time of day. `commit` is the commit of the model. Anyone can write here through the app,
so check the rows before you trust them.
"""

log = logging.getLogger(__name__)


class Store:
    """The rows of one app, at most `MOST_ROWS` and `MOST_BYTES`.

    Each process writes its own files. Rows that were not committed before a restart are committed after it.

    Parameters
    ----------
    repo_id : str
        The dataset. If it does not exist yet, it is created as a private one.
    folder : Path
        The folder of the rows on this disk.
    """

    def __init__(self, repo_id: str, folder: Path):
        self.repo_id, self._folder = repo_id, folder
        self._lock, self._stopped = threading.Lock(), threading.Event()
        self._files: dict[str, Path] = {}
        self._scheduler: CommitScheduler | None = None
        known = [path for path in folder.rglob("*.jsonl") if path.is_file()]
        self._bytes = sum(path.stat().st_size for path in known)
        self._rows = sum(path.read_bytes().count(b"\n") for path in known) if self._bytes <= MOST_BYTES else 0

    def add(self, row: Row) -> None:
        """Write a row to the disk.

        Raises
        ------
        SpaceHubError
            If there are too many rows, or the disk cannot be written.
        """
        line = row.line()
        with self._lock, self._scheduler.lock if self._scheduler else contextlib.nullcontext():
            if self._rows >= MOST_ROWS or self._bytes + len(line) > MOST_BYTES:
                raise SpaceHubError(
                    "The app has enough feedback for now.",
                    "Thank you anyway.",
                )
            try:
                with self._file(row.model).open("ab") as file:
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                log.warning("Feedback cannot be written to %s: %s", self._folder, error)
                raise SpaceHubError(
                    "Your feedback cannot be saved at the moment.", "Try again later."
                ) from None
            self._rows += 1
            self._bytes += len(line)

    def start(self) -> None:
        """Start to commit the rows on the disk every few minutes, as soon as the Hub answers."""
        threading.Thread(target=self._connect, name="feedback", daemon=True).start()

    def stop(self) -> None:
        """Commit the remaining rows, but wait at most `LAST_SECONDS`. The next start commits the rest."""
        self._stopped.set()
        if self._scheduler:
            last = threading.Thread(target=self._commit, daemon=True)
            last.start()
            last.join(LAST_SECONDS)
            self._scheduler.stop()

    def commit(self) -> None:
        """Commit the rows on the disk now. Raises the errors of the Hub's client."""
        self._scheduler.trigger().result()

    def _commit(self) -> None:
        with contextlib.suppress(Exception):  # the client logs it, and the rows stay on the disk
            self.commit()

    def _connect(self) -> None:
        warned, delay = False, RETRY_SECONDS
        while not self._stopped.is_set():
            try:
                self._scheduler = CommitScheduler(
                    repo_id=self.repo_id,
                    repo_type="dataset",
                    folder_path=self._folder,
                    every=EVERY_MINUTES,
                    private=True,
                    allow_patterns=["README.md", "*.jsonl"],
                )
                return
            except Exception as error:  # the rows stay on the disk until the Hub accepts them
                if not warned:
                    log.warning(
                        "Feedback stays on this disk, because %s cannot be opened: %s", self.repo_id, error
                    )
                warned = True
                self._stopped.wait(delay)
                delay = min(2 * delay, LONGEST_RETRY_SECONDS)

    def _file(self, model: str) -> Path:
        """Return the file to append to. Start a new file when the last one is full."""
        path = self._files.get(model)
        if path is None or path.stat().st_size > FILE_BYTES:
            path = self._files[model] = self._folder / model / f"{uuid.uuid4().hex}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            known = [one for one in MODELS if (self._folder / one).is_dir()]
            configs = "".join(f"- config_name: {one}\n  data_files: {one}/*.jsonl\n" for one in known)
            (self._folder / "README.md").write_text(CARD.format(configs=configs), encoding="utf-8")
        return path
