"""Commands that the runner starts: set their environment, write their output to a log, and stop them."""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from localhub.spaces.logs import Log

# Environment variables that a process needs. The user's tokens and settings are not among them.
_INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT")
# Additional variables for installing packages: the address of the registry, and how to reach it.
_FOR_BUILDING = ("HOME", "UV_", "PIP_", "SSL_", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "XDG_CACHE_HOME")
_FOR_BUILDING += ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY")
STOP_SECONDS = 10


class Stopped(Exception):
    """The runner was asked to stop."""


def inherited(*, building: bool = False) -> dict[str, str]:
    """Return the part of our environment that a Space's app or its build may see."""
    wanted = (*_INHERITED, *_FOR_BUILDING) if building else _INHERITED
    return {name: value for name, value in os.environ.items() if name.upper().startswith(wanted)}


class Command:
    """A process in a separate session. Its output goes to a log."""

    def __init__(self, command: list[str], log: Log, *, environment: dict[str, str], cwd: Path):
        # The kernel kills the process when the thread that started it ends, even if the Hub crashes.
        keeper = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
        self._log = log
        self._process = subprocess.Popen(
            [*keeper, *command],
            env=environment,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name="space-log", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None  # it is a pipe
        with self._process.stdout as printed:
            while line := printed.readline(1 << 16):
                self._log.add(line.decode("utf-8", "replace").rstrip("\r\n"))

    @property
    def ended(self) -> int | None:
        """Its exit code once it has ended."""
        return self._process.poll()

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> int:
        """Wait until the process ends and return its exit code. Stop it if `stopped` returns True.

        Raises
        ------
        Stopped
            If `stopped` returned True.
        TimeoutError
            After `seconds`.
        """
        deadline = time.monotonic() + seconds
        try:
            while (code := self._process.poll()) is None:
                if stopped():
                    raise Stopped
                if time.monotonic() > deadline:
                    raise TimeoutError
                time.sleep(0.05)
        except BaseException:
            self.stop()
            raise
        self._reader.join(5)
        return code

    def stop(self) -> None:
        """Ask the process and its children to end; kill them if they do not."""
        for sign, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, 5)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
                break
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)  # children that outlived it
        self._reader.join(5)
