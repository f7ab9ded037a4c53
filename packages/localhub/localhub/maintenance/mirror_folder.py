"""Mirror a folder. A git clone keeps its commit. A snapshot in a client's cache or a plain folder becomes one new commit."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from localhub.errors import LocalHubError
from localhub.git.gitrepo import MAIN
from localhub.ids import RepoId, RepoType
from localhub.maintenance.file_commit import commit_files, take_large_file
from localhub.maintenance.git_fetch import fetch_commit
from localhub.maintenance.hub_folder import amount
from localhub.maintenance.new_repo import new_repo, new_settings, put_in_place
from localhub.maintenance.reachable import reachable
from localhub.rules.patterns import Attributes
from localhub.rules.upload_mode import default_gitattributes, upload_mode
from localhub.storage.commit import GITATTRIBUTES
from localhub.storage.repo import Repo
from localhub.storage.store import Store

_COMMIT = re.compile(r"[0-9a-f]{40}")
_SAMPLE_BYTES = 512
_NOT_OURS = {".git", ".cache"}  # git's own folder, and the client's notes in a download folder


def mirror(store: Store, id: RepoId, folder: Path, say: Callable[[str], None]) -> str:
    """Create the repo `id` from a folder; return its commit.

    Raises
    ------
    LocalHubError
        If a large file is missing, or the folder cannot be read.
    """
    folder = _snapshot(folder)
    git_folder = _git_folder(folder)
    try:
        with new_repo(store, id) as repo:
            if git_folder and fetch_commit(repo, git_folder.as_uri(), "HEAD"):
                _take_large_files(repo, folder, git_folder, say)
                commit = str(repo.git().resolve(MAIN).id)
            else:
                commit = commit_files(repo, _files(repo, folder), _message(folder))
            put_in_place(store, repo, new_settings(sdk="static" if id.type is RepoType.SPACE else None))
            return commit
    except OSError as error:
        raise LocalHubError(
            f"Cannot mirror {folder}: {error.strerror or error}.",
            "Choose a folder that you can read. Nothing was changed in this Hub.",
        ) from error


def _snapshot(folder: Path) -> Path:
    """Return the snapshot of the ref main if the folder is a repo in huggingface_hub's cache, otherwise the folder."""
    ref = folder / "refs" / MAIN
    if (folder / "snapshots").is_dir() and ref.is_file():
        return folder / "snapshots" / ref.read_text(encoding="ascii").strip()
    return folder


def _git_folder(folder: Path) -> Path | None:
    """Return the git repository of a clone, bare or not."""
    for candidate in (folder / ".git", folder):
        if (candidate / "HEAD").is_file() and (candidate / "objects").is_dir():
            return candidate
    return None


def _take_large_files(repo: Repo, folder: Path, git_folder: Path, say: Callable[[str], None]) -> None:
    """Copy from git-lfs' store in the clone, or from the checked-out files."""
    for pointer, place in reachable(repo.git().handle).pointers.items():
        say(f"{place.path}: {amount(pointer.size)}")
        stored = git_folder / "lfs" / "objects" / pointer.oid[:2] / pointer.oid[2:4] / pointer.oid
        for file in (stored, folder / place.path):
            if file.is_file() and take_large_file(repo, file, pointer):
                break
        else:
            raise LocalHubError(
                f"The large file {place.path} is not in {folder}.",
                "Run `git lfs pull` in this folder. Nothing was changed in this Hub.",
            )


def _files(repo: Repo, folder: Path) -> dict[str, tuple[Path | bytes, bool]]:
    """Return each file by its path in the repo, and whether it is a large file."""
    paths = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NOT_OURS]
        for file in (Path(parent, name) for name in names if name not in _NOT_OURS):
            paths[file.relative_to(folder).as_posix()] = file
    given = paths.pop(GITATTRIBUTES, None)
    patterns = (
        given.read_bytes()
        if given
        else default_gitattributes(media=repo.id.type is RepoType.DATASET).encode()
    )
    attributes = Attributes(patterns.decode(errors="replace"))
    files = {path: (file, _is_large(path, file, attributes)) for path, file in paths.items()}
    return {**files, GITATTRIBUTES: (patterns, False)}


def _is_large(path: str, file: Path, attributes: Attributes) -> bool:
    with open(file, "rb") as opened:
        sample = opened.read(_SAMPLE_BYTES)
    return upload_mode(path, file.stat().st_size, sample, attributes) == "lfs"


def _message(folder: Path) -> str:
    if folder.parent.name == "snapshots" and _COMMIT.fullmatch(folder.name):
        return (
            f"Mirror of {folder.parent.parent.name.replace('--', '/')}\n\nIts commit there is {folder.name}"
        )
    return f"Mirror of {folder.name}"
