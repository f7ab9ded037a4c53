"""Python environments for Spaces. uv builds them from the requirements; Spaces with equal requirements share one."""

import contextlib
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from functools import lru_cache
from pathlib import Path

from localhub.spaces.commands import Command, Stopped, inherited
from localhub.spaces.logs import Log
from localhub.spaces.plan import Plan, PlanError

BUILD_SECONDS = 30 * 60
KEPT = 8  # environments of earlier runs that a new Hub leaves in place
_DONE = "complete"


class Environments:
    """A folder of environments, one built at a time."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._building = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        found = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        whole = [path for path in found if (path / _DONE).exists()]
        for path in found:
            if path not in whole[:KEPT]:
                shutil.rmtree(path, ignore_errors=True)

    def python(self, plan: Plan, log: Log, stopped: Callable[[], bool]) -> Path:
        """Return the Python interpreter of the environment that `plan` needs. Build the environment if it does not exist.

        Raises
        ------
        PlanError
            If the requirements cannot be installed.
        Stopped
            If `stopped` returned True.
        """
        folder = self._folder / plan.environment
        python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        with self._turn(stopped):
            if (folder / _DONE).exists():
                folder.touch()
                log.add("The requirements did not change, so the existing environment is used.")
                return python
            shutil.rmtree(folder, ignore_errors=True)
            self._make(folder, plan, log, stopped)
            wanted = [line for line in plan.requirements.splitlines() if line.split("#")[0].strip()]
            if wanted:
                listed = folder / "requirements.txt"
                listed.write_text(plan.requirements, encoding="utf-8")
                log.add(f"Installing {len(wanted)} requirements.")
                install = [*_uv(), "pip", "install", "--python", str(python), "-r", str(listed)]
                self._run(install, folder, log, stopped, "Installing the requirements failed.")
            (folder / _DONE).touch()
        return python

    @contextlib.contextmanager
    def _turn(self, stopped: Callable[[], bool]) -> Generator[None]:
        """Wait until no other environment is being built."""
        while not self._building.acquire(timeout=0.1):
            if stopped():
                raise Stopped
        try:
            yield
        finally:
            self._building.release()

    def _make(self, folder: Path, plan: Plan, log: Log, stopped: Callable[[], bool]) -> None:
        make = [*_uv(), "venv", "--no-project", "--no-python-downloads", "--python"]
        # If huggingface.co does not have the patch release that the card names, it uses the newest one.
        for version in filter(None, (plan.python, ".".join((plan.python or "").split(".")[:2]))):
            if _has_python(version):
                self._run(
                    [*make, version, str(folder)],
                    self._folder,
                    log,
                    stopped,
                    "Creating the environment failed.",
                )
                return
        if plan.python:
            log.add(
                f"Python {plan.python} is not installed on this machine, so Python {sys.version.split()[0]} is used."
            )
        self._run(
            [*make, sys.executable, str(folder)],
            self._folder,
            log,
            stopped,
            "Creating the environment failed.",
        )

    @staticmethod
    def _run(command: list[str], cwd: Path, log: Log, stopped: Callable[[], bool], problem: str) -> None:
        environment = inherited(building=True) | registry()
        try:
            code = Command(command, log, environment=environment, cwd=cwd).wait(BUILD_SECONDS, stopped)
        except TimeoutError:
            raise PlanError(
                "BUILD_ERROR", f"The build took more than {BUILD_SECONDS // 60} minutes."
            ) from None
        if code:
            raise PlanError("BUILD_ERROR", problem)


def require_uv() -> bool:
    """Return whether uv, which builds the environments, can be found."""
    return _uv() != [""]


@lru_cache(1)
def _uv() -> list[str]:
    for command in ([sys.executable, "-m", "uv"], [shutil.which("uv") or ""]):
        if (
            command[0]
            and subprocess.run([*command, "--version"], capture_output=True, check=False).returncode == 0
        ):
            return command
    return [""]


@lru_cache(16)
def _has_python(version: str) -> bool:
    found = subprocess.run(
        [*_uv(), "python", "find", "--no-project", "--no-python-downloads", version], capture_output=True
    )
    return found.returncode == 0


@lru_cache(1)
def registry() -> dict[str, str]:
    """Return pip's configured package index as settings for uv, which does not read pip's configuration."""
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    return {"UV_DEFAULT_INDEX": found} if found else {}
