"""Check a Hub's folder for damage: git objects, refs, large files, settings, redirects. Nothing is changed."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pygit2

from localhub.errors import HubError
from localhub.files.lfs import Pointer
from localhub.git.gitrepo import MAIN
from localhub.ids import RepoId, RepoType
from localhub.maintenance.hub_folder import amount, repos
from localhub.maintenance.reachable import Place, reachable
from localhub.storage.leftovers import stale_locks
from localhub.storage.repo import Repo
from localhub.storage.store import Store

_CHECKED = ("repos", "redirects", "incoming")
RESTORE = "import the repo from an export, or mirror it again"


@dataclass(frozen=True)
class Damage:
    """One fault that the check found.

    Attributes
    ----------
    where : str
        The repo's address, or the file.
    what : str
        What is wrong with it.
    fix : str
        What to do about it.
    """

    where: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.fix}"


def fsck(
    store: Store, name: str | None, *, quick: bool, say: Callable[[str], None] = lambda line: None
) -> Iterator[Damage]:
    """Check one repo, or all repos.

    Parameters
    ----------
    store : Store
        A store opened for maintenance.
    name : str, optional
        The repo; None for all repos and the files next to them.
    quick : bool
        Compare only the sizes of large files, not their sha256.
    say : callable
        Receives lines about progress, and notes.

    Yields
    ------
    Damage
        Each fault when it is found.
    """
    for repo in repos(store, name):
        yield from check_repo(repo, quick=quick, say=say)
        if store.alone:
            for path in stale_locks(repo.folder / "git"):
                say(f"note: {path} was left behind by a crash; the embedded Hub removes it when it starts")
    if name is None:
        yield from _records([path for path in store.root.iterdir() if path.name not in _CHECKED])
        yield from _redirects(store)
        leftovers = list(store.incoming.iterdir()) if store.alone else []
        if leftovers:
            say(
                f"note: {len(leftovers)} unfinished uploads in {store.incoming}; the embedded Hub removes them when it starts"
            )


def check_repo(
    repo: Repo, *, quick: bool = False, say: Callable[[str], None] = lambda line: None
) -> Iterator[Damage]:
    """Check one repo."""
    where = repo.id.web_path
    yield from _settings(repo)
    try:
        handle = repo.git().handle
    except HubError:
        yield Damage(where, f"{repo.folder / 'git'} is not a git repository", RESTORE)
        return
    faults = list(_git_fsck(repo.folder / "git") if shutil.which("git") else _read_all(handle))
    for fault in faults:
        yield Damage(where, f"git: {fault}", RESTORE)
    reached = reachable(handle)
    if not faults:  # otherwise git has already reported them
        for missing in reached.missing:
            yield Damage(where, f"missing: {missing}", RESTORE)
    if f"refs/heads/{MAIN}" not in set(handle.references):
        yield Damage(where, f"there is no branch {MAIN}", RESTORE)
    yield from _large_files(repo, reached.pointers, quick, say)
    say(f"{where}: {len(reached.objects)} git objects, {len(reached.pointers)} large files")


def _settings(repo: Repo) -> Iterator[Damage]:
    try:
        settings = repo.settings
        if not isinstance(settings.id, str) or not isinstance(settings.private, bool):
            raise ValueError("`id` must be a string, and `private` must be true or false.")
    except (HubError, OSError, ValueError, TypeError) as error:
        fix = "write the file again with the same fields as in another repo"
        yield Damage(repo.id.web_path, f"repo.json cannot be read ({str(error).rstrip('.')})", fix)
    paths = [path for path in repo.folder.iterdir() if path.name not in ("git", "repo.json")]
    yield from _records(paths)


def _records(paths: list[Path]) -> Iterator[Damage]:
    """Check the JSON files among these paths, and in those that are folders."""
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else [path])]
    for path in sorted(files):
        if path.suffix == ".json":
            try:
                json.loads(path.read_bytes())
            except (OSError, ValueError) as error:
                yield Damage(str(path), f"cannot be read ({error})", "fix the file or remove it")


def _git_fsck(folder: Path) -> Iterator[str]:
    command = ["git", "-c", "safe.directory=*", f"--git-dir={folder}", "fsck", "--full", "--no-dangling"]
    clean = {**os.environ, "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run([*command, "--no-progress"], capture_output=True, text=True, env=clean)
    lines = (done.stdout + done.stderr).splitlines()
    faults = [line for line in lines if not line.startswith(("notice:", "warning", "dangling"))]
    yield from faults
    if done.returncode != 0 and not faults:
        yield f"git fsck failed with exit code {done.returncode}"


def _read_all(handle: pygit2.Repository) -> Iterator[str]:
    """Read every object; libgit2 compares each with its id."""
    for oid in handle.odb:
        try:
            handle.odb.read(oid)
        except (KeyError, pygit2.GitError) as error:
            yield f"object {oid}: {error}"


def _large_files(
    repo: Repo, pointers: dict[Pointer, Place], quick: bool, say: Callable[[str], None]
) -> Iterator[Damage]:
    done, total = 0, sum(pointer.size for pointer in pointers)
    for pointer, place in sorted(pointers.items(), key=lambda item: item[1]):
        size = repo.lfs.size(pointer.oid)
        name = f"the large file {place} (sha256 {pointer.oid})"
        if size is None:
            yield Damage(repo.id.web_path, f"{name} is missing", f"upload it again, or {RESTORE}")
        elif size != pointer.size:
            fix = f"remove {repo.lfs.path(pointer.oid)} and upload it again"
            yield Damage(repo.id.web_path, f"{name} is {size} bytes instead of {pointer.size} bytes", fix)
        elif not quick:
            if sha256_of(repo.lfs.path(pointer.oid)) != pointer.oid:
                fix = f"remove {repo.lfs.path(pointer.oid)} and upload it again"
                yield Damage(repo.id.web_path, f"the content of {name} does not match its sha256", fix)
            done += pointer.size
            if total > 1 << 30:
                say(f"{repo.id.web_path}: {amount(done)} of {amount(total)} read")


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file, in hex, reading it in chunks."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _redirects(store: Store) -> Iterator[Damage]:
    for kind in RepoType:
        for path in sorted((store.root / "redirects" / kind.plural).glob("*/*")):
            try:
                RepoId.parse(kind, path.read_text(encoding="utf-8"))
            except (HubError, OSError, ValueError):
                yield Damage(str(path), "does not contain the name of a repo", "remove the file")
