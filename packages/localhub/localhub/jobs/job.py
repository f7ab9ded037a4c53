"""Run one job: a command in a separate folder."""

import os
import re
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localhub.errors import HubError
from localhub.jobs.spec import Spec
from localhub.spaces.commands import Command, Stopped, inherited
from localhub.spaces.environments import registry
from localhub.spaces.logs import Log
from localhub.spaces.plan import PlanError
from localhub.times import iso_timestamp

TERMINAL = ("COMPLETED", "CANCELED", "ERROR")


class Job:
    """A command that waits, runs or has ended.

    Parameters
    ----------
    spec : Spec
    owner : str
        The namespace of the job.
    initiator : str
        The account that started it.
    folder : Path
        The parent of the folder with its files, which is removed when the job ends.
    endpoint : str
        The embedded Hub's address.
    mounts : list of callable
        For each volume of `spec` a function that writes its files into a folder.
    turns : Semaphore
        A job runs while it holds one of them.
    """

    def __init__(
        self,
        spec: Spec,
        owner: str,
        initiator: str,
        folder: Path,
        *,
        endpoint: str,
        mounts: list[Callable[[Path], None]],
        turns: threading.Semaphore,
    ):
        self.id = secrets.token_hex(12)
        self.spec, self.owner, self.initiator = spec, owner, initiator
        self.labels = spec.labels
        self.mounts = mounts
        self.stage = "SCHEDULING"
        self.log = Log(hidden=spec.secrets.values())
        self._message: str | None = None
        self._created = time.time()
        self._started = self._ended = 0.0
        self._folder, self._endpoint, self._turns = folder / self.id, endpoint, turns
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go, name=f"job-{self.id}", daemon=True)

    @property
    def ended(self) -> bool:
        """Whether the job has reached a final stage."""
        return self.stage in TERMINAL

    def start(self) -> None:
        """Start the job in a thread."""
        self._thread.start()

    def cancel(self, *, wait: bool = False) -> None:
        """Stop the job. Return immediately unless `wait` is set."""
        self._stop.set()
        if wait:
            self._thread.join(30)

    def describe(self) -> dict[str, Any]:
        """Return the job as clients see it, with only the names of its secrets."""
        spec, now = self.spec, self._ended or time.time()
        running = int(now - self._started) if self._started else None
        return {
            "type": "job",
            "id": self.id,
            "createdAt": iso_timestamp(self._created),
            "startedAt": iso_timestamp(self._started) if self._started else None,
            "finishedAt": iso_timestamp(self._ended) if self._ended else None,
            "dockerImage": spec.image,
            "command": list(spec.command),
            "arguments": list(spec.arguments),
            "environment": spec.environment,
            "secrets": dict.fromkeys(spec.secrets, ""),
            "flavor": spec.flavor,
            "timeout": spec.seconds,
            "retry": spec.attempts - 1,
            "labels": self.labels,
            "volumes": [
                {
                    "type": one.type,
                    "source": one.source,
                    "mountPath": one.mount_path,
                    "path": one.path or None,
                    "revision": one.revision,
                    "readOnly": one.read_only,
                }
                for one in spec.volumes
            ],
            "status": {"stage": self.stage, "message": self._message},
            "durations": {
                "schedulingSecs": int((self._started or now) - self._created),
                "runningSecs": running,
                "totalSecs": int(now - self._created),
            },
            "owner": {"id": self.owner, "name": self.owner, "type": "user"},
            "initiator": {"type": "user", "id": self.initiator, "name": self.initiator},
        }

    def _go(self) -> None:
        stage, message = "ERROR", None
        held = False
        try:
            while not (held := self._turns.acquire(timeout=0.1)):
                self._check()
            stage, message = self._run()
        except Stopped:
            stage = "CANCELED"
        except TimeoutError:
            message = f"The job took more than {self.spec.seconds} s"
        except (HubError, PlanError, OSError) as error:
            message = f"The job cannot be started: {str(error).rstrip('.')}"
        except Exception as error:  # the stage must not stay RUNNING after any error
            message = f"The runner failed: {type(error).__name__}"
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
            if held:
                self._turns.release()
            if message:
                self.log.add(message)
            self._message, self._ended, self.stage = message, time.time(), stage
            self.log.close()

    def _run(self) -> tuple[str, str | None]:
        self._check()
        for name in ("work", "home", "tmp"):
            (self._folder / name).mkdir(parents=True)
        found: dict[str, str] = {}
        for number, (volume, mount) in enumerate(zip(self.spec.volumes, self.mounts, strict=True)):
            folder = self._folder / "volumes" / str(number)
            mount(folder)
            found[volume.mount_path] = str(folder)
        command = [mapped(word, found) for word in (*self.spec.command, *self.spec.arguments)]
        self._started, self.stage = time.time(), "RUNNING"
        deadline = time.monotonic() + self.spec.seconds
        code = 0
        for attempt in range(self.spec.attempts):
            if attempt:
                self.log.add(f"Attempt {attempt + 1} of {self.spec.attempts}.")
            process = Command(
                command, self.log, environment=self._environment(found), cwd=self._folder / "work"
            )
            code = process.wait(max(0.0, deadline - time.monotonic()), self._stop.is_set)
            process.stop()  # also stops processes that it left behind
            if not code:
                return "COMPLETED", None
        return "ERROR", f"The command ended with exit code {code}"

    def _check(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def _environment(self, found: dict[str, str]) -> dict[str, str]:
        """Return the environment of the job. Hub clients use this Hub, with the token of the job or none."""
        home = self._folder / "home"
        kept = {name: value for name, value in inherited(building=True).items() if name != "HOME"}
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "uv"
        return (
            {"UV_CACHE_DIR": str(cache), "UV_PYTHON_DOWNLOADS": "never"}
            | registry()
            | kept
            | {
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
                "HOME": str(home),
                "TMPDIR": str(self._folder / "tmp"),
                "PYTHONUNBUFFERED": "1",
                "HF_ENDPOINT": self._endpoint,
                "HF_HOME": str(home / ".cache" / "huggingface"),
                "HF_HUB_DISABLE_XET": "1",
                "HF_HUB_DISABLE_TELEMETRY": "1",
                "HF_HUB_DISABLE_PROGRESS_BARS": "1",
                "NO_PROXY": "127.0.0.1,localhost",
                "no_proxy": "127.0.0.1,localhost",
                "CPU_CORES": str(os.cpu_count() or 1),
            }
            | {name: mapped(value, found) for name, value in self.spec.environment.items()}
            | self.spec.secrets
            | {"JOB_ID": self.id}
        )


def mapped(text: str, found: dict[str, str]) -> str:
    """Replace the mount paths in a text with the folders of the volumes, the longest path first.

    >>> mapped("cat /data/a.txt /database", {"/data": "/tmp/0"})
    'cat /tmp/0/a.txt /database'
    """
    paths = "|".join(re.escape(path) for path in sorted(found, key=len, reverse=True))
    if not paths:
        return text
    return re.sub(rf"(?<![\w./-])(?:{paths})(?![\w.-])", lambda match: found[match[0]], text)
