"""The request log: one line of JSON per request, in a rotated file. It contains no input."""

import json
import logging
import queue
import threading
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from space_app.monitoring.requests import Record

BYTES, FILES = 10 * 2**20, 5
# How many lines may wait for the disk; beyond that, requests are not logged, so that memory does not fill
# up.
MOST_WAITING = 10_000

_log = logging.getLogger(__name__)


class RequestLog:
    """Write records in a separate thread, so that no request waits for the disk.

    Parameters
    ----------
    path : Path
        The newest file; older ones end in ``.1`` to ``.4``.
    """

    def __init__(self, path: Path):
        self._waiting: queue.Queue = queue.Queue(MOST_WAITING)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = RotatingFileHandler(
                path, maxBytes=BYTES, backupCount=FILES - 1, encoding="utf-8", delay=True
            )
        except OSError as error:
            _log.warning("Requests are not logged: cannot write to %s (%s)", path, error)
            return
        self._file.setFormatter(logging.Formatter("%(message)s"))
        self._thread = threading.Thread(target=self._write, name="request-log", daemon=True)
        self._thread.start()

    def __call__(self, record: Record) -> None:
        """Accept a record; records of the page's own housekeeping are skipped."""
        if record.public or record.models or record.outcome != "ok":
            self.note(
                {
                    "route": record.route,
                    "outcome": record.outcome,
                    "milliseconds": round(1000 * record.seconds, 2),
                    "models": record.models,
                }
            )

    def note(self, facts: dict) -> None:
        """Take a line of another kind."""
        try:
            self._waiting.put_nowait((datetime.now(UTC), facts))
        except queue.Full:
            return

    def flush(self) -> None:
        """Wait until all accepted records are written."""
        self._waiting.join()

    def _write(self) -> None:
        while True:
            moment, facts = self._waiting.get()
            try:
                text = json.dumps({"time": moment.isoformat(timespec="milliseconds")} | facts)
                line = logging.LogRecord("requests", logging.INFO, "", 0, text, None, None)
                self._file.emit(line)
            finally:
                self._waiting.task_done()
