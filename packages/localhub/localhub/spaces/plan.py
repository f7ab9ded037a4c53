"""Read from a Space's card and requirements how to build and start it."""

import hashlib
import re
import sys
from dataclasses import dataclass
from typing import Any

from localhub.git.entries import Snapshot

REQUIREMENTS_BYTES = 1 << 18
MOST_PRELOADS = 64
# From the build logs of Spaces on huggingface.co, 2026.
ADDED = ("gradio[oauth,mcp]=={version}", "uvicorn>=0.14.0", "websockets>=10.4", "spaces")
_VERSION = re.compile(r"[0-9]+(\.[0-9]+){0,3}[a-z0-9.]*")
_PYTHON = re.compile(r"3(\.[0-9]{1,2}){0,2}")
_REPO = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}", re.ASCII)
_REVISION = re.compile(r"[0-9a-f]{40}")


class PlanError(Exception):
    """A Space cannot be built. Contains the stage to report and a line for its log."""

    def __init__(self, stage: str, problem: str):
        super().__init__(problem)
        self.stage = stage


@dataclass(frozen=True)
class Preload:
    """A model to download before the app starts: all or some of its files, at a given commit or at the newest one."""

    repo_id: str
    files: tuple[str, ...] = ()
    revision: str | None = None


@dataclass(frozen=True)
class Plan:
    """How to build and start one commit of a Space.

    Parameters
    ----------
    app_file : str
        The Python file to start.
    requirements : str
        Lines of a requirements file.
    python : str or None
        The Python version in the card.
    preload : tuple of Preload
        What to download first.
    title : str
        The Space's title.
    """

    app_file: str
    requirements: str
    python: str | None
    preload: tuple[Preload, ...]
    title: str

    @property
    def environment(self) -> str:
        """The name of the environment that this plan needs. The name depends only on the requirements."""
        facts = f"{self.python}\n{sys.version}\n{self.requirements}"
        return hashlib.sha256(facts.encode()).hexdigest()[:24]


def plan(snapshot: Snapshot, sdk: str | None, card: dict[str, Any]) -> Plan:
    """Read the plan of a commit.

    huggingface.co installs the requirements of each Gradio Space together with some packages of its own. A
    conflict between them fails the build. This function adds the same packages, with Gradio in the version of
    the card (``sdk_version``). If the card has no version, it adds nothing.

    Raises
    ------
    PlanError
        If this runner cannot start the Space.
    """
    if sdk != "gradio":
        raise PlanError(
            "BUILD_ERROR", f"This Hub runs only Gradio Spaces. A Space with the SDK {sdk} needs a container."
        )
    named = card.get("app_file")
    app_file = named if isinstance(named, str) else "app.py"
    if snapshot.file(app_file) is None:
        raise PlanError("NO_APP_FILE", f"The Space has no file {app_file}.")
    if snapshot.file("packages.txt") is not None:
        raise PlanError("BUILD_ERROR", "This Hub does not install the Debian packages in packages.txt.")
    requirements = ""
    if snapshot.file("requirements.txt") is not None:
        raw = snapshot.read("requirements.txt", limit=REQUIREMENTS_BYTES)
        if raw is None:
            raise PlanError("BUILD_ERROR", f"requirements.txt is larger than {REQUIREMENTS_BYTES >> 10} KiB.")
        requirements = raw.decode("utf-8", "replace")
    version = str(card.get("sdk_version") or "")
    if version:
        if not _VERSION.fullmatch(version):
            raise PlanError("CONFIG_ERROR", f"sdk_version is not a valid version: {version[:40]}.")
        requirements += "".join(f"\n{line}" for line in ADDED).format(version=version)
    python = str(card.get("python_version") or "") or None
    if python is not None and not _PYTHON.fullmatch(python):
        raise PlanError("CONFIG_ERROR", f"python_version is not a valid version of Python 3: {python[:40]}.")
    title = card.get("title")
    return Plan(app_file, requirements, python, _preloads(card), title if isinstance(title, str) else "")


def _preloads(card: dict[str, Any]) -> tuple[Preload, ...]:
    """Read ``preload_from_hub``: lines of the form ``REPO [FILE,FILE...] [COMMIT]``."""
    lines = card.get("preload_from_hub") or []
    if not isinstance(lines, list) or len(lines) > MOST_PRELOADS:
        raise PlanError(
            "CONFIG_ERROR", f"preload_from_hub must be a list of at most {MOST_PRELOADS} entries."
        )
    found = []
    for line in lines:
        parts = line.split() if isinstance(line, str) else []
        revision = parts.pop() if len(parts) > 1 and _REVISION.fullmatch(parts[-1]) else None
        files = tuple(parts.pop().split(",")) if len(parts) == 2 else ()
        if len(parts) != 1 or not _REPO.fullmatch(parts[0]) or any(name.startswith("-") for name in files):
            raise PlanError(
                "CONFIG_ERROR", f"preload_from_hub has an entry that is not valid: {str(line)[:100]}"
            )
        found.append(Preload(parts[0], files, revision))
    return tuple(found)
