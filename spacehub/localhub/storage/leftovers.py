"""What a killed process leaves in a repo's git folder: lock files that nobody holds, and files that never became whole."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from spacehub.localhub.errors import HubError
from spacehub.localhub.storage.locks import RepoLock


def stale_locks(git_folder: Path) -> Iterator[Path]:
    """Git's lock files of refs, HEAD and config: stale whenever nobody else can be writing to this repo."""
    yield from git_folder.glob("*.lock")
    for folder, _, names in os.walk(git_folder / "refs"):
        yield from (Path(folder, name) for name in names if name.endswith(".lock"))


def unfinished_files(git_folder: Path) -> Iterator[Path]:
    """Objects and packs that never got their names, as git and libgit2 call them while they write."""
    for folder, folders, names in os.walk(git_folder / "objects"):
        folders[:] = [name for name in folders if not name.startswith("incoming-")]  # a push under way
        yield from (Path(folder, name) for name in names if name.startswith("tmp_"))


def remove_stale_locks(repos: Path) -> None:
    """Free the refs of every repo below ``ROOT/repos``; the caller is the one server of this root.

    It waits for what still changes a repo: a push that outlived the server that was killed under it.
    """
    for git_folder in repos.glob("*/*/*/git"):
        with contextlib.suppress(HubError), RepoLock(git_folder.parent):
            for path in stale_locks(git_folder):
                path.unlink(missing_ok=True)
