"""A lock for changes to one repo. Threads of this process and other processes wait for each other.

So a server and a maintenance command can use the same folder. Between processes, the lock is flock(2) on the repo's folder,
which the system releases when the process ends. Without flock (on Windows), maintenance does not run while a server runs.
"""

import os
import threading
from pathlib import Path

try:
    from fcntl import LOCK_EX, flock

    BETWEEN_PROCESSES = True
except ImportError:  # Windows: the lock between threads must suffice
    BETWEEN_PROCESSES = False

from localhub.errors import repo_not_found


class RepoLock:
    """The lock of one repo; a thread that holds the lock may take it again.

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
        """The file descriptors that a child program inherits, so that it keeps the lock if this process is killed."""
        return (self._descriptor,) if self._descriptor >= 0 else ()

    def __enter__(self) -> "RepoLock":
        """Wait for the lock.

        Raises
        ------
        HubError
            404 if the repo no longer exists by then.
        """
        self._threads.acquire()
        try:
            if self._depth == 0 and BETWEEN_PROCESSES:
                self._descriptor = _lock(self._folder)
            self._depth += 1
        except BaseException:
            self._threads.release()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._depth -= 1
        if self._depth == 0 and self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self._threads.release()


def _lock(folder: Path) -> int:
    """Return a descriptor that holds the lock of the folder that exists once the lock is acquired."""
    while True:
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise repo_not_found() from None
        try:
            flock(descriptor, LOCK_EX)
            if os.path.samestat(os.fstat(descriptor), os.stat(folder)):
                return descriptor
        except FileNotFoundError:  # deleted or moved in the meantime
            pass
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
