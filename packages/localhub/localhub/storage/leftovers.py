"""Find leftovers of a killed process in a repo's git folder: stale lock files and incomplete files."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from localhub.errors import HubError
from localhub.storage.locks import RepoLock


def stale_locks(git_folder: Path) -> Iterator[Path]:
    """Return git's lock files of refs, HEAD and config; they are stale if nobody else can be writing to this repo."""
    yield from git_folder.glob("*.lock")
    for folder, _, names in os.walk(git_folder / "refs"):
        yield from (Path(folder, name) for name in names if name.endswith(".lock"))


def unfinished_files(git_folder: Path) -> Iterator[Path]:
    """Return incomplete objects and packs, by the temporary names that git and libgit2 use."""
    for folder, folders, names in os.walk(git_folder / "objects"):
        folders[:] = [name for name in folders if not name.startswith("incoming-")]  # a running push
        yield from (Path(folder, name) for name in names if name.startswith("tmp_"))


def remove_stale_locks(repos: Path) -> None:
    """Remove stale locks from every repo below ``ROOT/repos``; the caller must be the only server of this root.

    The function waits for anything that still changes a repo, such as a push that outlived its killed server.
    """
    for git_folder in repos.glob("*/*/*/git"):
        with contextlib.suppress(HubError), RepoLock(git_folder.parent):
            for path in stale_locks(git_folder):
                path.unlink(missing_ok=True)
