"""Jobs: run a command once on this machine, follow it, and cancel it."""

import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from localhub.errors import HubError, RepoMoved, repo_not_found
from localhub.files.lfs import LfsStore
from localhub.git.entries import Snapshot
from localhub.ids import RepoId, RepoType
from localhub.jobs.job import Job
from localhub.jobs.runner import JobRunner
from localhub.jobs.spec import Spec, Volume, read_labels, read_spec
from localhub.spaces.checkout import check_out
from localhub.spaces.logs import MOST_LINES
from localhub.storage.buckets import BucketId
from localhub.web.call import PAGE_SIZE, Call, endpoint
from localhub.web.following import follow
from localhub.web.rights import check_access

MOST_FILES = 10_000
MOST_BYTES = 4 << 30


def hardware(call: Call) -> list[dict[str, Any]]:
    """List the hardware: every flavor runs on this machine."""
    return [
        {
            "name": "cpu-basic",
            "prettyName": "This machine",
            "cpu": f"{os.cpu_count() or 1} vCPU",
            "ram": "N/A",
            "accelerator": None,
            "unitCostMicroUSD": 0,
            "unitCostUSD": 0.0,
            "unitLabel": "minute",
        }
    ]


def run(call: Call) -> dict[str, Any]:
    """Start a job."""
    runner, namespace = _runner(call)
    return _submit(call, runner, namespace, read_spec(call.body))


def rerun(call: Call) -> dict[str, Any]:
    """Start a job with the command and settings of another one."""
    runner, namespace = _runner(call)
    return _submit(call, runner, namespace, runner.get(namespace, call.path("id")).spec)


def list_all(call: Call) -> JSONResponse:
    """List the jobs of a namespace, the newest first."""
    runner, namespace = _runner(call)
    query = call.request.query_params
    stages = set(query.getlist("stage"))
    labels = [text.partition("=") for text in query.getlist("label")]
    found = [
        job.describe()
        for job in runner.all(namespace)
        if (not stages or job.stage in stages)
        and all(job.labels.get(key) == value for key, _, value in labels)
    ]
    return call.page(found, PAGE_SIZE)


def inspect(call: Call) -> dict[str, Any]:
    """Describe a job."""
    return _job(call)[1].describe()


def log(call: Call) -> StreamingResponse:
    """Send the log of a job, or its last ``tail`` lines, until the job has ended."""
    runner, job = _job(call)
    tail = call.number("tail", MOST_LINES, low=0, high=MOST_LINES)
    end = job.log.since(1 << 62)[0]
    return follow(job.log, lambda: runner.closed, first=max(0, end - tail))


def cancel(call: Call) -> dict[str, Any]:
    """Cancel a job. Do nothing if it has ended."""
    job = _job(call)[1]
    job.cancel()
    return job.describe()


def label(call: Call) -> dict[str, Any]:
    """Replace the labels of a job."""
    job = _job(call)[1]
    job.labels = read_labels(call.body)
    return job.describe()


def _runner(call: Call) -> tuple[JobRunner, str]:
    """Return the runner and the namespace in the path, after checking that the caller may use its jobs."""
    namespace, runner = call.path("namespace"), call.hub.jobs
    call.caller.check_write(namespace, private=False)
    if runner is None:
        raise HubError(
            501, "The embedded Hub runs jobs only if you start it with --run-jobs or LocalHub(run_jobs=True)."
        )
    return runner, namespace


def _job(call: Call) -> tuple[JobRunner, Job]:
    runner, namespace = _runner(call)
    return runner, runner.get(namespace, call.path("id"))


def _submit(call: Call, runner: JobRunner, namespace: str, spec: Spec) -> dict[str, Any]:
    mounts = [_mount(call, volume) for volume in spec.volumes]
    return runner.submit(spec, namespace, call.account.name, mounts).describe()


def _mount(call: Call, volume: Volume) -> Callable[[Path], None]:
    """Return a function that writes the files of a volume into a folder, after checking the caller's rights."""
    if volume.type == "bucket":
        bucket = call.hub.store.buckets.get(BucketId.parse(volume.source))
        if not call.caller.may_read(bucket.id.namespace, bucket.settings.private):
            raise repo_not_found()
        prefix = f"{volume.path}/" if volume.path else ""
        files = {
            path.removeprefix(prefix): file
            for path, file in bucket.files().items()
            if path.startswith(prefix)
        }
        if len(files) > MOST_FILES or sum(file["size"] for file in files.values()) > MOST_BYTES:
            raise HubError(
                400, f"A volume on this Hub must not exceed {MOST_FILES} files or {MOST_BYTES >> 30} GiB."
            )
        return partial(_copy, bucket.lfs, {path: file["oid"] for path, file in files.items()})
    id = RepoId.parse(RepoType.of(volume.type), volume.source)
    try:
        repo = call.find(id)
    except RepoMoved as moved:
        repo = call.find(moved.new_id)
    check_access(call, repo)
    snapshot = repo.snapshot(volume.revision) if volume.revision else repo.snapshot()
    if volume.path and (snapshot.find(volume.path) is None or snapshot.file(volume.path)):
        raise HubError(400, f"{volume.source} does not contain the folder {volume.path}.")
    return partial(_check_out, snapshot, volume.path)


def _copy(lfs: LfsStore, files: dict[str, str], folder: Path) -> None:
    folder.mkdir(parents=True)
    for path, oid in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(lfs.path(oid), target)


def _check_out(snapshot: Snapshot, path: str, folder: Path) -> None:
    if not path:
        check_out(snapshot, folder)
        return
    whole = folder.with_name(f"{folder.name}-whole")
    check_out(snapshot, whole)
    (whole / path).rename(folder)


_ALL = "/api/jobs/{namespace:part}"
_ONE = f"{_ALL}/{{id:part}}"

routes = [
    Route("/api/jobs/hardware", endpoint(hardware)),
    Route(_ALL, endpoint(list_all)),
    Route(_ALL, endpoint(run, body="json"), methods=["POST"]),
    Route(_ONE, endpoint(inspect)),
    Route(f"{_ONE}/logs", endpoint(log)),
    Route(f"{_ONE}/cancel", endpoint(cancel), methods=["POST"]),
    Route(f"{_ONE}/duplicate", endpoint(rerun), methods=["POST"]),
    Route(f"{_ONE}/labels", endpoint(label, body="json"), methods=["PUT"]),
]
