"""What a Space or a job prints: the newest lines, with the time of each."""

import threading
from collections import deque
from collections.abc import Iterable

from localhub.times import now

MOST_LINES = 10_000
LINE_CHARACTERS = 4_000


class Log:
    """The newest lines of a log, which readers can follow until it is closed.

    Parameters
    ----------
    hidden : iterable of str
        Values of secrets; ``***`` replaces each line of a value.
    """

    def __init__(self, hidden: Iterable[str] = ()):
        lines = {line for value in hidden for line in value.splitlines() if line.strip()}
        self._hidden = sorted(lines, key=len, reverse=True)
        self._lines: deque[tuple[str, str]] = deque(maxlen=MOST_LINES)
        self._first = 0
        self._lock = threading.Lock()
        self.closed = False

    def add(self, line: str) -> None:
        """Append a line, given without its line break."""
        for secret in self._hidden:
            line = line.replace(secret, "***")
        with self._lock:
            if len(self._lines) == MOST_LINES:
                self._first += 1
            self._lines.append((line[:LINE_CHARACTERS], now()))

    def since(self, number: int) -> tuple[int, list[tuple[str, str]]]:
        """Return the number to continue with, and the lines from `number` on as (text, time)."""
        with self._lock:
            begin = max(number - self._first, 0)
            return self._first + len(self._lines), list(self._lines)[begin:]

    def close(self) -> None:
        """Close the log, so that its readers stop."""
        self.closed = True
