"""A whole repo made beside the others and put in its place at once: by an import or a mirror, all or nothing."""

import contextlib
import secrets
import shutil
from collections.abc import Iterator

from spacehub.localhub.errors import HubError, LocalHubError
from spacehub.localhub.git.gitrepo import GitRepo
from spacehub.localhub.ids import RepoId
from spacehub.localhub.maintenance.fsck import check_repo
from spacehub.localhub.storage.durable import fsync_tree, write_file
from spacehub.localhub.storage.locks import RepoLock
from spacehub.localhub.storage.repo import Repo, RepoSettings
from spacehub.localhub.storage.store import Store
from spacehub.localhub.times import now


def require_free(store: Store, id: RepoId) -> None:
    """Prove, before long work, that no repo has this name.

    Raises
    ------
    LocalHubError
        If one has.
    """
    if store.exists(id):
        raise taken(id)


@contextlib.contextmanager
def new_repo(store: Store, id: RepoId) -> Iterator[Repo]:
    """A repo with empty git repository in ``incoming``, to be filled and given to `put_in_place`; else it goes away."""
    folder = store.incoming / f"repo-{secrets.token_hex(8)}"
    folder.mkdir()
    try:
        GitRepo.create(folder / "git")
        yield Repo(id, folder, store.incoming, RepoLock(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_in_place(store: Store, repo: Repo, settings: RepoSettings) -> None:
    """Check all of a new repo, make it durable, and let it be seen.

    Raises
    ------
    LocalHubError
        If it is damaged, or its name is taken.
    """
    write_file(repo.folder / "repo.json", settings.encode())
    for damage in check_repo(repo, quick=True):  # whoever fills it checks each large file's sha256
        raise LocalHubError(f"{damage.where} is damaged: {damage.what}.", "Nothing was changed here.")
    fsync_tree(repo.folder)
    try:
        store.place(repo.folder, repo.id)
    except HubError as error:
        raise taken(repo.id) from error


def new_settings(**settings) -> RepoSettings:
    """Settings of a repo that is made now."""
    return RepoSettings(id=secrets.token_hex(12), created_at=now(), **settings)


def taken(id: RepoId) -> LocalHubError:
    """The error for a name that a repo has already."""
    return LocalHubError(
        f"This Hub has a repo {id.web_path} already.", "Delete that one first, or choose another name."
    )
