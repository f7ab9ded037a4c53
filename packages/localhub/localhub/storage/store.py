"""The embedded Hub's folder: its repos, and how they are created, moved and deleted.

Layout::

    ROOT/
      lock                                held by the only server of this root
      token                               token of the only account of a Hub without accounts (mode 0600)
      key                                 signs addresses and Xet's tokens (mode 0600)
      incoming/                           unfinished files; emptied at the start
      redirects/models/NAMESPACE/NAME     a moved repo's new id
      collections/<id>.json               lists of repos and other items
      buckets/NAMESPACE/NAME/             see `localhub.storage.buckets`
      webhooks/ACCOUNT.json               the webhooks of an account
      repos/{models,datasets,spaces,kernels}/NAMESPACE/NAME/
        repo.json                         created, private, gated, ... (`RepoSettings`)
        likes.json access.json space.json  who likes it, who may read it if it is gated, what a Space is set to
        discussions/N.json                comments; proposed changes are in git, at refs/pr/N
        git/                              the bare repository; `git fsck` is clean
        git/lfs/objects/ab/cd/<sha256>    its large files

A repo is built in ``incoming`` and then renamed into place. To delete it, it is renamed back into ``incoming``. So after a
crash, a repo is complete or absent. Only one writer at a time changes a repo (`RepoLock`), even across processes. Readers
never wait.
"""

import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import pygit2
from filelock import FileLock, Timeout

from localhub.errors import HubError, LocalHubError, RepoMoved, repo_not_found
from localhub.files.durable import fsync_folder, fsync_tree, make_folders, write_file
from localhub.git.gitrepo import MAIN, GitRepo, RefChange
from localhub.git.objects import ObjectWriter
from localhub.git.tree import EditableTree
from localhub.ids import RepoId, RepoType
from localhub.storage.buckets import Buckets
from localhub.storage.leftovers import remove_stale_locks
from localhub.storage.locks import BETWEEN_PROCESSES, RepoLock
from localhub.storage.repo import Repo, RepoSettings
from localhub.times import now

MOVES_FOLLOWED = 16


class Store:
    """All repos below one folder.

    Parameters
    ----------
    root : Path
        Created if missing.
    maintenance : bool
        Open the folder even if a server uses it. Do not change unfinished files or leftovers of a crash.

    Attributes
    ----------
    alone : bool
        Whether no server uses the folder, and none can start on it before `close`.
    on_change : callable
        Called with the repo and each change of one of its refs, while the repo is locked; does nothing at first.
    running : callable
        Returns the state of a Space from the Space runner; None without a runner.

    Raises
    ------
    LocalHubError
        If the folder cannot be written or another server has it.
    """

    def __init__(self, root: Path, *, maintenance: bool = False):
        self.root = root
        self.incoming = root / "incoming"
        self.buckets = Buckets(root, self.incoming)
        self._repos = root / "repos"
        self._redirects = root / "redirects"
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)  # it contains private repos
            self._lock_file = FileLock(root / "lock", timeout=0, thread_local=False)
            try:
                self._lock_file.acquire()
            except Timeout:
                if not (maintenance and BETWEEN_PROCESSES):
                    raise
            self.alone = self._lock_file.is_locked
            if not maintenance:
                remove_stale_locks(self._repos)
                shutil.rmtree(self.incoming, ignore_errors=True)
            for folder in (self.incoming, self._repos, self._redirects):
                folder.mkdir(exist_ok=True)
                os.utime(folder)  # fail now, not at the first upload, if the folder cannot be written
        except Timeout as error:
            raise LocalHubError(
                f"Another Hub or a maintenance command is already using the folder {root}.",
                "Stop the other process first, or choose another folder.",
            ) from error
        except OSError as error:
            raise LocalHubError(
                f"Cannot write to the folder {root}: {error.strerror}.",
                "Free some space, or choose another folder.",
            ) from error
        # An acknowledged commit must survive a crash of the machine, so objects and refs are fsynced.
        pygit2.settings.enable_fsync_gitdir(True)
        self.on_change: Callable[[Repo, RefChange], None] = lambda repo, change: None
        self.running: Callable[[RepoId], dict[str, Any] | None] = lambda id: None
        self._locks: WeakValueDictionary[Path, RepoLock] = WeakValueDictionary()
        self._locks_lock = threading.Lock()

    def close(self) -> None:
        """Release the folder for another server."""
        self._lock_file.release()

    def get(self, id: RepoId) -> Repo:
        """Return an existing repo.

        Raises
        ------
        HubError
            404 RepoNotFound.
        RepoMoved
            If the repo now has another id.
        """
        if self.exists(id):
            return self._repo(id)
        new_id = id
        for _ in range(MOVES_FOLLOWED):
            try:
                new_id = RepoId.parse(id.type, self._redirect(new_id).read_text(encoding="utf-8"))
            except OSError:
                break
            if self.exists(new_id):
                raise RepoMoved(id, new_id)
        if (same := self._in_other_letters(id)) is not None:
            raise RepoMoved(id, same)
        raise repo_not_found()

    def exists(self, id: RepoId) -> bool:
        """Return whether a repo has this id. The old id of a moved repo counts as free."""
        return self._repo(id).folder.is_dir()

    def all(self, kind: RepoType, namespace: str | None = None) -> Iterator[Repo]:
        """Yield every repo of a type, ordered by name."""
        for owner in _names(self._repos / kind.plural) if namespace is None else [namespace]:
            for name in _names(self._repos / kind.plural / owner):
                yield self._repo(RepoId(kind, owner, name))

    def create(
        self, id: RepoId, *, files: dict[str, bytes], author: tuple[str, str], **settings: Any
    ) -> tuple[Repo, RepoSettings]:
        """Create a repo with one commit.

        Parameters
        ----------
        id : RepoId
            The repo's id.
        files : dict of str to bytes
            The files of its first commit.
        author : tuple of str
            Name and email of the commit's author.
        **settings
            Fields of `RepoSettings`.

        Raises
        ------
        HubError
            409 if the repo exists.
        """
        repo_settings = RepoSettings(id=secrets.token_hex(12), created_at=now(), **settings)
        building = self.incoming / f"repo-{secrets.token_hex(8)}"
        building.mkdir()
        try:
            git = GitRepo.create(building / "git")
            with ObjectWriter(git.handle, self.incoming) as writer:
                tree = EditableTree(git.handle)
                for path, content in files.items():
                    tree.set(path, writer.add("blob", content))
                git.commit(
                    writer,
                    tree=tree.write(writer) or writer.add("tree", b""),
                    parents=[],
                    author=author,
                    message="initial commit",
                    ref=f"refs/heads/{MAIN}",
                )
            write_file(building / "repo.json", repo_settings.encode())
            fsync_tree(building / "git")
            self.place(building, id)
        finally:
            shutil.rmtree(building, ignore_errors=True)
        return self._repo(id), repo_settings

    def delete(self, repo: Repo) -> None:
        """Delete a repo: first hide it, then remove it from the disk."""
        doomed = self.incoming / f"deleted-{secrets.token_hex(8)}"
        with repo.lock:
            try:
                os.rename(repo.folder, doomed)
            except FileNotFoundError:
                raise repo_not_found() from None
            fsync_folder(repo.folder.parent)
        shutil.rmtree(doomed, ignore_errors=True)

    def move(self, repo: Repo, new: RepoId) -> None:
        """Give a repo another id. The old id redirects to it.

        Raises
        ------
        HubError
            409 if the new id is taken.
        """
        redirect = self._redirect(repo.id)
        make_folders(redirect.parent, below=self.root)
        with repo.lock:
            # The redirect applies only once the repo has left its old place, so it can be written first.
            write_file(redirect, str(new).encode())
            try:
                self.place(repo.folder, new)
            except BaseException:
                redirect.unlink(missing_ok=True)
                raise
            fsync_folder(repo.folder.parent)

    def place(self, folder: Path, id: RepoId) -> None:
        """Move a complete, durable repo's folder into place.

        Raises
        ------
        HubError
            409 if the id is taken.
        """
        target = self._repo(id).folder
        make_folders(target.parent, below=self.root)
        try:
            same = self._in_other_letters(id)
            if target.exists() or (same is not None and self._repo(same).folder != folder):
                raise FileExistsError(target)
            os.rename(folder, target)
        except OSError as error:
            if not isinstance(error, FileExistsError) and not target.exists():
                raise
            raise HubError(409, f"A {id.type.singular} repository called {id} already exists") from error
        fsync_folder(target.parent)
        self._redirect(id).unlink(missing_ok=True)

    def _in_other_letters(self, id: RepoId) -> RepoId | None:
        """Return the repo with this id, ignoring case."""
        below = self._repos / id.type.plural
        for namespace in _names(below):
            if namespace.lower() == id.namespace.lower():
                for name in _names(below / namespace):
                    if name.lower() == id.name.lower():
                        return RepoId(id.type, namespace, name)
        return None

    def _repo(self, id: RepoId) -> Repo:
        folder = self._repos / id.type.plural / id.namespace / id.name
        with self._locks_lock:
            lock = self._locks.setdefault(folder, RepoLock(folder))  # one for all who hold this repo now
        return Repo(id, folder, self.incoming, lock, self.on_change, self.running)

    def _redirect(self, id: RepoId) -> Path:
        return self._redirects / id.type.plural / id.namespace / id.name


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
