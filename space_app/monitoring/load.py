"""Summarise the app's requests since its start, for Mission control: durations, outcomes, queue and memory."""

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from space_app import process_memory
from space_app.monitoring.requests import Record

# Upper edges in seconds; the last bin is open.
EDGES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
# The page shows the same numbers for this long, because a change redraws it for every visitor.
FRESH_SECONDS = 15


@dataclass(frozen=True)
class Report:
    """Requests by bin of `EDGES` and by outcome, how many wait, and the server's memory in bytes (None if unknown)."""

    bins: tuple[int, ...]
    outcomes: dict[str, int]
    waiting: int
    memory: int | None

    @property
    def n(self) -> int:
        """The number of requests."""
        return sum(self.bins)

    def within(self, share: float) -> float | None:
        """Return the smallest edge, in seconds, within which a share of the requests was answered; None beyond the last."""
        total = 0
        for edge, count in zip(EDGES, self.bins, strict=False):
            total += count
            if total >= share * self.n:
                return edge
        return None


class Load:
    """Counts of one app; call the object with the record of each request.

    Parameters
    ----------
    waiting : callable
        Returns how many requests wait.
    """

    def __init__(self, waiting: Callable[[], int]):
        self._waiting, self._lock = waiting, threading.Lock()
        self._bins, self._outcomes = [0] * (len(EDGES) + 1), Counter()
        self._report: Report | None = None
        self._made = 0.0

    def __call__(self, record: Record) -> None:
        """Count a request; the page's own housekeeping is skipped, as in the log."""
        if record.public or record.models:
            with self._lock:
                self._bins[bisect_left(EDGES, record.seconds)] += 1
                self._outcomes[record.outcome] += 1

    def report(self) -> Report:
        """Return the counts, at most `FRESH_SECONDS` old."""
        with self._lock:
            if self._report is None or time.monotonic() - self._made > FRESH_SECONDS:
                outcomes = dict(self._outcomes)
                memory = process_memory.measure()
                self._report = Report(
                    tuple(self._bins), outcomes, self._waiting(), memory and memory.resident
                )
                self._made = time.monotonic()
            return self._report


_active: list[Load] = []


def begin(waiting: Callable[[], int]) -> Load:
    """Count all requests from now on."""
    _active[:] = [Load(waiting)]
    return _active[0]


def report() -> Report | None:
    """Return the counts of the running app; None before its first request."""
    found = _active[0].report() if _active else None
    return found if found and found.n else None
