"""Build a complete repo for an import or a mirror, and move it into place in one step, so that it appears whole or not at all."""

import contextlib
import secrets
import shutil
from collections.abc import Generator
from typing import Any

from localhub.errors import HubError, LocalHubError
from localhub.files.durable import fsync_tree, write_file
from localhub.git.gitrepo import GitRepo
from localhub.ids import RepoId
from localhub.maintenance.fsck import check_repo
from localhub.storage.locks import RepoLock
from localhub.storage.repo import Repo, RepoSettings
from localhub.storage.store import Store
from localhub.times import now


def require_free(store: Store, id: RepoId) -> None:
    """Check, before long work, that no repo has this name.

    Raises
    ------
    LocalHubError
        If a repo has it.
    """
    if store.exists(id):
        raise taken(id)


@contextlib.contextmanager
def new_repo(store: Store, id: RepoId) -> Generator[Repo]:
    """Create a repo with an empty git repository in ``incoming``. Fill it and pass it to `put_in_place`; otherwise it is removed."""
    folder = store.incoming / f"repo-{secrets.token_hex(8)}"
    folder.mkdir()
    try:
        GitRepo.create(folder / "git")
        yield Repo(id, folder, store.incoming, RepoLock(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_in_place(store: Store, repo: Repo, settings: RepoSettings) -> None:
    """Check a new repo completely, make it durable, and make it visible.

    Raises
    ------
    LocalHubError
        If the repo is damaged, or its name is taken.
    """
    write_file(repo.folder / "repo.json", settings.encode())
    for damage in check_repo(repo, quick=True):  # the caller that fills it checks each large file's sha256
        raise LocalHubError(f"{damage.where} is damaged: {damage.what}.", "Nothing was changed in this Hub.")
    fsync_tree(repo.folder)
    try:
        store.place(repo.folder, repo.id)
    except HubError as error:
        raise taken(repo.id) from error


def new_settings(**settings: Any) -> RepoSettings:
    """Return the settings of a repo that is created now."""
    return RepoSettings(id=secrets.token_hex(12), created_at=now(), **settings)


def taken(id: RepoId) -> LocalHubError:
    """Return the error for a name that a repo already has."""
    return LocalHubError(
        f"This Hub already has a repo named {id.web_path}.", "Delete it first, or choose another name."
    )
