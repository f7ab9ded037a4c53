"""Copy a repo with its history and large files. Use hard links if possible, because git and LFS never change a file."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Generator
from pathlib import Path

from localhub.files.durable import fsync_tree, write_file
from localhub.git.gitrepo import GitRepo
from localhub.ids import RepoId
from localhub.storage.locks import RepoLock
from localhub.storage.repo import Repo, RepoSettings
from localhub.storage.store import Store


@contextlib.contextmanager
def duplicate(store: Store, source: Repo, id: RepoId, settings: RepoSettings) -> Generator[Repo]:
    """Yield a copy of a repo, which you can change. At the end of the block, it is moved into place in one step.

    Branches and tags are copied; pull requests and discussions are not.

    Raises
    ------
    HubError
        409 if the name is taken.
    """
    folder = store.incoming / f"repo-{secrets.token_hex(8)}"
    folder.mkdir()
    try:
        with source.lock:
            _copy(source.folder / "git", folder / "git")
        handle = GitRepo(folder / "git").handle
        for reference in list(handle.references.iterator()):
            if reference.name.startswith("refs/pr/"):
                reference.delete()
        write_file(folder / "repo.json", settings.encode())
        yield Repo(id, folder, store.incoming, RepoLock(folder))
        fsync_tree(folder)
        store.place(folder, id)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    shared = (source / "objects", source / "lfs")
    for folder, _, names in os.walk(source):
        here = target / Path(folder).relative_to(source)
        here.mkdir(parents=True)
        link = any(Path(folder).is_relative_to(top) for top in shared)
        for name in names:
            if not name.startswith("tmp_") and not name.endswith((".lock", ".keep")):
                _put(Path(folder, name), here / name, link=link)


def _put(source: Path, target: Path, *, link: bool) -> None:
    if link:
        with contextlib.suppress(OSError):
            os.link(source, target)
            return
    shutil.copyfile(source, target)
