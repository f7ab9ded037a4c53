"""Packages from npm that tests run: installed once, kept for all runs."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock


def require_npm() -> str:
    """Return the path of npm; skip the test where there is none."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm (apt install npm)")
    return npm


def unreachable(problem: str) -> None:
    """Skip the test because npm cannot fetch something; in CI, where it must, fail it."""
    pytest.fail(problem) if os.environ.get("CI") else pytest.skip(problem)


def installed(package: str) -> Path:
    """Return a folder ``node_modules`` with a package, such as ``axe-core@4.10.3``, and what it needs."""
    npm = require_npm()
    base = Path(os.environ.get("XDG_CACHE_HOME") or tempfile.gettempdir()) / "spacehub-tests"
    base.mkdir(parents=True, exist_ok=True)
    target = base / package.replace("/", "-")
    with FileLock(f"{target}.lock"):
        if not (target / "node_modules").is_dir():
            building = base / f"{target.name}.new"
            command = [
                npm,
                "install",
                "--prefix",
                building,
                "--no-save",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
            ]
            done = subprocess.run(
                [*command, "--fetch-retries", "0", package],
                capture_output=True,
                text=True,
                timeout=200,
                check=False,
            )
            if done.returncode:
                unreachable(f"npm could not fetch {package}: {done.stderr.strip()[-300:]}")
            shutil.rmtree(target, ignore_errors=True)
            building.rename(target)
    return target / "node_modules"
