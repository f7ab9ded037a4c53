"""The jobs of an embedded Hub. When it stops, all jobs end."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from localhub.errors import HubError
from localhub.jobs.job import Job
from localhub.jobs.spec import Spec
from localhub.spaces.run import wipe

AT_ONCE = 4
MOST_WAITING = 64
MOST_KEPT = 200


class JobRunner:
    """Run jobs as processes of this machine, a few at a time. Jobs and secrets are kept only in memory.

    Parameters
    ----------
    folder : Path
        The embedded Hub's folder. The jobs' files are in ``jobs/`` below it.
    endpoint : str
        The embedded Hub's address.
    """

    def __init__(self, folder: Path, endpoint: str):
        self._folder, self._endpoint = folder / "jobs" / "runs", endpoint
        wipe(self._folder)
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self.closed = False

    def submit(self, spec: Spec, owner: str, initiator: str, mounts: list[Callable[[Path], None]]) -> Job:
        """Start a job as soon as fewer than `AT_ONCE` run.

        Raises
        ------
        HubError
            429 if too many jobs are waiting.
        """
        job = Job(
            spec, owner, initiator, self._folder, endpoint=self._endpoint, mounts=mounts, turns=self._turns
        )
        with self._lock:
            if self.closed or sum(not one.ended for one in self._jobs.values()) >= AT_ONCE + MOST_WAITING:
                raise HubError(
                    429,
                    f"{AT_ONCE + MOST_WAITING} jobs are already running or waiting. Cancel a job, or try again later.",
                )
            ended = [one.id for one in self._jobs.values() if one.ended]
            for id in ended[: max(0, len(ended) - MOST_KEPT + 1)]:
                del self._jobs[id]
            self._jobs[job.id] = job
            job.start()
        return job

    def get(self, owner: str, id: str) -> Job:
        """Return a job of a namespace; 404 if it does not exist."""
        job = self._jobs.get(id)
        if job is None or job.owner != owner:
            raise HubError(404, "Job not found.")
        return job

    def all(self, owner: str) -> Iterator[Job]:
        """Yield the jobs of a namespace, the newest first."""
        with self._lock:
            jobs = list(self._jobs.values())
        return (job for job in reversed(jobs) if job.owner == owner)

    def close(self) -> None:
        """Stop all jobs, and end the requests that follow a log."""
        with self._lock:
            self.closed = True
            jobs = list(self._jobs.values())
        for job in jobs:
            job.cancel()
        for job in jobs:
            job.cancel(wait=True)
