"""Run git's own smart HTTP server, ``git http-backend``, as a CGI program on one bare repository."""

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from localhub.errors import HubError
from localhub.git.push_rules import Rights

PUSH_BYTES = 4 << 30
PUSH_SECONDS = 1800
# Limits for each program that git starts: an untrusted pack can require far more resources than its size
# suggests.
MEMORY_BYTES = 2 << 30
PUSH_CPU_SECONDS = 600
FETCH_CPU_SECONDS = 3600

# The machine's and the user's git configuration are ignored; this one applies.
_SETTINGS = {
    "safe.directory": "*",
    "http.uploadpack": "true",
    "http.receivepack": "true",
    "uploadpack.allowFilter": "true",
    "uploadpack.allowReachableSHA1InWant": "true",
    "receive.fsckObjects": "true",
    "receive.denyDeleteCurrent": "true",
    "receive.maxInputSize": str(PUSH_BYTES),
    "receive.unpackLimit": "1",  # one pack a push: one file to make durable
    "receive.autogc": "false",
    "core.fsync": "all",
    "core.packedGitWindowSize": "32m",
    "core.packedGitLimit": "256m",
    "core.deltaBaseCacheLimit": "64m",
    "core.bigFileThreshold": "32m",
    "pack.threads": "2",
    "pack.windowMemory": "64m",
}


@dataclass(frozen=True)
class Service:
    """A request for git's server.

    Attributes
    ----------
    git_folder : Path
        The bare repository.
    path : str
        ``info/refs``, ``git-upload-pack`` or ``git-receive-pack``.
    query : str
    headers : dict of str to str
        The request's headers, names in lower case.
    user : str
        The caller's name; empty for an anonymous one.
    repo_type : str
        The repo type whose rules a pushed card must satisfy.
    """

    git_folder: Path
    path: str
    query: str
    headers: dict[str, str]
    user: str
    repo_type: str = "model"

    def start(self, body: BinaryIO | None = None, size: int = 0) -> subprocess.Popen[bytes]:
        """Run git; its output is an HTTP response.

        Raises
        ------
        HubError
            501 if git is not installed.
        """
        return subprocess.Popen(
            _command(FETCH_CPU_SECONDS),
            stdin=body or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment(size, _SETTINGS),
            close_fds=True,
            start_new_session=True,
        )

    def push(
        self, body: BinaryIO, size: int, hooks: Path, rights: Rights, *, lock: tuple[int, ...] = ()
    ) -> bytes:
        """Receive a push and return git's whole response; the repo is locked through descriptors that git inherits."""
        _write_hooks(hooks)
        environment = self._environment(size, {**_SETTINGS, "core.hooksPath": str(hooks)})
        environment |= {
            "LOCALHUB_PUSH_WRITES": "1" if rights.writes else "0",
            "LOCALHUB_PUSH_PULL_REQUESTS": " ".join(sorted(rights.pull_requests)),
            "LOCALHUB_PUSH_REPO_TYPE": self.repo_type,
        }
        process = subprocess.Popen(
            _command(PUSH_CPU_SECONDS),
            stdin=body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            pass_fds=lock,
            start_new_session=True,
        )
        try:
            return process.communicate(timeout=PUSH_SECONDS)[0]
        except BaseException as error:
            end(process)
            for leftover in (self.git_folder / "objects").glob("*incoming-*"):  # left by a killed git
                shutil.rmtree(leftover, ignore_errors=True)
            if isinstance(error, subprocess.TimeoutExpired):
                raise HubError(
                    408,
                    f"This push took more than {PUSH_SECONDS} s. Push fewer commits at a time.",
                ) from error
            raise

    def _environment(self, size: int, settings: dict[str, str]) -> dict[str, str]:
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": os.devnull,
            "LC_ALL": "C",
            "MALLOC_ARENA_MAX": "2",  # each additional one reserves address space, which is limited
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_COUNT": str(len(settings)),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROJECT_ROOT": str(self.git_folder),
            "PATH_INFO": f"/{self.path}",
            "QUERY_STRING": self.query,
            "REQUEST_METHOD": "GET" if self.path == "info/refs" else "POST",
            "CONTENT_TYPE": self.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(size),
            "HTTP_CONTENT_ENCODING": self.headers.get("content-encoding", ""),
            "GIT_PROTOCOL": self.headers.get("git-protocol", ""),
            "REMOTE_USER": self.user,
            "REMOTE_ADDR": "",
        }
        for number, (key, value) in enumerate(settings.items()):
            environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return environment


def no_git() -> HubError:
    """Return the error for a machine without git."""
    return HubError(
        501,
        "This Hub cannot serve git, because git is not installed. Install git on the machine that runs this Hub. The Python client works without git.",
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill git and every program that it started, if it still runs."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.stdout is not None:
        process.stdout.close()
    process.wait()


def _command(cpu_seconds: int) -> list[str]:
    """Return git's server under limits that its children inherit; a limit that the system lacks is skipped."""
    git = shutil.which("git")
    if git is None:
        raise no_git()
    limits = (f"-v {MEMORY_BYTES >> 10}", f"-t {cpu_seconds}", f"-f {2 * PUSH_BYTES >> 9}", "-c 0")
    script = "".join(f"ulimit {limit} 2>/dev/null || :; " for limit in limits)
    return ["/bin/sh", "-c", f'{script}exec "$@"', "sh", git, "http-backend"]


def _write_hooks(folder: Path) -> None:
    """Return git's hooks: one checks a push, and one makes its pack's name durable before a ref needs it."""
    check = folder / "check.py"
    check.write_text(
        f"import sys\nsys.path[:] = {sys.path!r}\n"
        "from localhub.git.pre_receive import main\nsys.exit(main())\n",
        encoding="utf-8",
    )
    python = f"{shlex.quote(sys.executable)} -I {shlex.quote(str(check))}"
    scripts = {
        "pre-receive": f"exec {python}\n",
        "reference-transaction": '[ "$1" != prepared ] || exec sync objects/pack\n',
    }
    for name, script in scripts.items():
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
        path.chmod(0o700)
        if not os.access(path, os.X_OK):  # git would skip the check
            raise HubError(
                501,
                "This Hub cannot accept a push, because it cannot run programs in its folder. Use the Python client.",
            )
