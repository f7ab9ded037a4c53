"""One repo on disk: settings, git repository, large files."""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pygit2

from localhub.errors import repo_not_found
from localhub.files.durable import write_file
from localhub.files.lfs import LfsStore
from localhub.git.entries import Snapshot
from localhub.git.gitrepo import MAIN, GitRepo, RefChange
from localhub.ids import RepoId
from localhub.storage.locks import RepoLock


@dataclass(frozen=True)
class RepoSettings:
    """The settings of a repo, stored outside git.

    Attributes
    ----------
    id : str
        24 hex digits, which never change.
    created_at : str
        ISO 8601, UTC.
    private : bool
    gated : str or bool
        False, "auto" or "manual".
    sdk : str or None
        For a Space.
    discussions_disabled : bool
    """

    id: str
    created_at: str
    private: bool = False
    gated: str | bool = False
    sdk: str | None = None
    discussions_disabled: bool = False

    def encode(self) -> bytes:
        """Return the content of ``repo.json``."""
        return json.dumps(dataclasses.asdict(self), indent=2).encode() + b"\n"

    @classmethod
    def decode(cls, data: bytes) -> "RepoSettings":
        """Parse settings; fields of another version of this Hub are dropped."""
        return cls(**{key: value for key, value in json.loads(data).items() if key in _SETTINGS})


_SETTINGS = {field.name for field in dataclasses.fields(RepoSettings)}


class Repo:
    """A repo on disk.

    Parameters
    ----------
    id : RepoId
    folder : Path
    incoming : Path
        Folder for running uploads.
    lock : RepoLock
        Held by whoever changes this repo.
    on_change : callable, optional
        Called with the repo and each change of a ref, while whoever made it holds the lock.
    running : callable, optional
        Returns the state of the Space with this id from the Space runner.
    """

    def __init__(
        self,
        id: RepoId,
        folder: Path,
        incoming: Path,
        lock: RepoLock,
        on_change: "Callable[[Repo, RefChange], None]" = lambda repo, change: None,
        running: Callable[[RepoId], dict[str, Any] | None] = lambda id: None,
    ):
        self.id = id
        self.folder = folder
        self.incoming = incoming
        self.lock = lock
        self._on_change = on_change
        self._running = running
        self.lfs = LfsStore(folder / "git", incoming)

    @property
    def settings(self) -> RepoSettings:
        """The current content of ``repo.json``."""
        try:
            data = (self.folder / "repo.json").read_bytes()
        except FileNotFoundError:
            raise repo_not_found() from None
        return RepoSettings.decode(data)

    @property
    def running(self) -> dict[str, Any] | None:
        """Stage, commit, hardware and host of a Space; None if this Hub does not run Spaces."""
        return self._running(self.id)

    def change_settings(self, **changes: Any) -> RepoSettings:
        """Change some settings, store them, and return them all."""
        with self.lock:
            settings = dataclasses.replace(self.settings, **changes)
            write_file(self.folder / "repo.json", settings.encode())
        return settings

    def git(self) -> GitRepo:
        """Open a handle on the git repository, for one thread."""
        try:
            return GitRepo(self.folder / "git", lambda change: self._on_change(self, change))
        except pygit2.GitError:
            raise repo_not_found() from None

    def snapshot(self, revision: str = MAIN) -> Snapshot:
        """Return the repo at a branch, tag or commit.

        Raises
        ------
        HubError
            404 RevisionNotFound.
        """
        git = self.git()
        return Snapshot(git, self.lfs, git.resolve(revision))
