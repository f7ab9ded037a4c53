"""Compute in separate processes, so that long work never delays a quick request.

Python runs one thread at a time: a hundred flights in a thread of the server would slow down every title.
A pool starts its processes at its first job and ends them with the server. A cancelled job ends its
process.
"""

import asyncio
import contextlib
import inspect
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection

from spacehub.collector import collect_rarely
from spacehub.errors import SpaceHubError

LONGEST_SECONDS = 120
_context = multiprocessing.get_context("spawn")


class Pool:
    """A pool of at most `size` processes, each with one job at a time; `niceness` lowers their priority.

    Parameters
    ----------
    size : int
        How many jobs run at once; the next one waits.
    niceness : int
        The value added to the processes' niceness, 0 to 19.
    idle_seconds : float, optional
        End a process that had no job for this long; by default, processes stay.
    """

    def __init__(self, size: int, *, niceness: int = 0, idle_seconds: float | None = None):
        self._niceness, self._idle_seconds = niceness, idle_seconds
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._free = asyncio.Semaphore(size)

    async def run(
        self, function: Callable, *args, progress: Callable[[int, int], None] | None = None, **kwargs
    ):
        """Return the result of a module's function, computed in a process of the pool.

        A parameter `progress` of the function gets a callable that calls `progress` here. Cancelling ends
        the process.

        Raises
        ------
        SpaceHubError
            The function's own exceptions, and an error if it takes longer than two minutes or its process
            ends.
        """
        async with self._free:
            worker = self._idle.pop() if self._idle else Worker(self._niceness)
            self._all.add(worker)
            try:
                async with asyncio.timeout(LONGEST_SECONDS):
                    answer, value = await asyncio.to_thread(worker.ask, (function, args, kwargs), progress)
            except TimeoutError as error:
                self._end(worker)
                problem = (
                    f"The computation was stopped because it took longer than {LONGEST_SECONDS} seconds."
                )
                raise SpaceHubError(problem, "Try a smaller input.") from error
            except (EOFError, OSError) as error:
                self._end(worker)
                raise SpaceHubError("The computation ended unexpectedly.", "Try again.") from error
            except BaseException:
                self._end(worker)
                raise
            self._rest(worker)
        if answer == "error":
            raise value
        return value

    def close(self) -> None:
        """End all processes, including busy ones."""
        for worker in list(self._all):
            self._end(worker)
        self._idle.clear()

    def _rest(self, worker: "Worker") -> None:
        """Keep a process for the next job, or end it if no job comes in time."""
        self._idle.append(worker)
        worker.jobs += 1
        jobs = worker.jobs

        def retire() -> None:
            if worker in self._idle and worker.jobs == jobs:
                self._idle.remove(worker)
                self._end(worker)

        if self._idle_seconds is not None:
            asyncio.get_running_loop().call_later(self._idle_seconds, retire)

    def _end(self, worker: "Worker") -> None:
        self._all.discard(worker)
        worker.kill()


class Worker:
    """One process, the pipe to it, and how many `jobs` it has done."""

    def __init__(self, niceness: int):
        self.jobs = 0
        self._pipe, theirs = _context.Pipe()
        self._process = _context.Process(target=_work, args=(theirs, niceness), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, job: tuple, progress: Callable[[int, int], None] | None) -> tuple[str, object]:
        """Send a job; return ``error`` or ``done``, and the error or the result."""
        self._pipe.send(job)
        while True:
            kind, value = self._pipe.recv()
            if kind != "progress":
                return kind, value
            if progress:
                progress(*value)

    def kill(self) -> None:
        """End the process, even if it is busy."""
        self._process.kill()
        self._process.join(1)
        self._pipe.close()


def _work(pipe: Connection, niceness: int) -> None:
    """Run jobs until the server is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(niceness)
    collect_rarely()

    def progress(done: int, total: int) -> None:
        pipe.send(("progress", (done, total)))

    with contextlib.suppress(EOFError, OSError):
        while True:
            function, args, kwargs = pipe.recv()
            if _takes_progress(function):
                kwargs["progress"] = progress
            try:
                pipe.send(("done", function(*args, **kwargs)))
            except SpaceHubError as error:
                pipe.send(("error", error))


def _takes_progress(function: Callable) -> bool:
    try:
        return "progress" in inspect.signature(function).parameters
    except ValueError:  # some functions of C have no signature
        return False


# One flight takes a twentieth of a second; scenes, films and a hundred flights give way to it.
QUICK = Pool(1)
HEAVY = Pool(2, niceness=10, idle_seconds=60)
# The queue names for Gradio's events.
# Titles and images share one queue, first come, first served: with a queue each, one of the two waited twice as long.
MODEL_QUEUE = {"concurrency_id": "models", "concurrency_limit": 4}
QUICK_QUEUE = {"concurrency_id": "quick", "concurrency_limit": 2}
HEAVY_QUEUE = {"concurrency_id": "heavy", "concurrency_limit": 2}
