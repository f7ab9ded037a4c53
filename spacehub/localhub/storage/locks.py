"""The turn of whoever changes one repo: threads of this process wait for each other, and so do other processes.

A server and a maintenance command may thus work on one folder. Between processes it is flock(2) on the repo's own folder,
which ends with the process however it ends; where there is none (Windows), maintenance does not run beside a server.
"""

import os
import threading
from pathlib import Path

try:
    import fcntl
except ImportError:
    fcntl = None

from spacehub.localhub.errors import repo_not_found

BETWEEN_PROCESSES = fcntl is not None


class RepoLock:
    """Lock of one repo; a thread that holds it may take it again.

    Parameters
    ----------
    folder : Path
        The repo's folder; it need not exist until the lock is taken.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._threads = threading.RLock()
        self._depth = 0
        self._descriptor = -1

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What a program that changes the repo for us must inherit: if we are killed, the lock is its own to the end."""
        return (self._descriptor,) if self._descriptor >= 0 else ()

    def __enter__(self) -> "RepoLock":
        """Wait for the turn.

        Raises
        ------
        HubError
            404 if the repo is gone by then.
        """
        self._threads.acquire()
        try:
            if self._depth == 0 and fcntl is not None:
                self._descriptor = _lock(self._folder)
            self._depth += 1
        except BaseException:
            self._threads.release()
            raise
        return self

    def __exit__(self, *exception) -> None:
        self._depth -= 1
        if self._depth == 0 and self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self._threads.release()


def _lock(folder: Path) -> int:
    """A descriptor that holds the lock of the folder that is there once the lock is had."""
    while True:
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise repo_not_found() from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(descriptor), os.stat(folder)):
                return descriptor
        except FileNotFoundError:  # deleted or moved while we waited
            pass
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
