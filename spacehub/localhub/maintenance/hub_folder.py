"""A Hub's folder opened for maintenance: all of its repos, or the one that a command names."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pygit2

from spacehub.localhub.errors import HubError, LocalHubError, RepoMoved
from spacehub.localhub.ids import RepoId, RepoType
from spacehub.localhub.storage.repo import Repo
from spacehub.localhub.storage.store import Store


@contextlib.contextmanager
def open_hub(root: Path, *, make: bool = False) -> Iterator[Store]:
    """The repos below a folder, also while a server serves them (`Store.alone` tells).

    Parameters
    ----------
    root : Path
        The Hub's folder.
    make : bool
        Make it if it is missing.

    Raises
    ------
    LocalHubError
        If there is no Hub, or it cannot be written, or the work stops at a full disk.
    """
    if not make and not (root / "repos").is_dir():
        raise LocalHubError(f"There is no Hub in the folder {root}.", "Name one with --root.")
    store = Store(root, maintenance=True)
    try:
        yield store
    except (OSError, pygit2.GitError) as error:
        raise LocalHubError(
            f"The work on {root} stopped: {getattr(error, 'strerror', None) or error}.",
            "Make room on its disk, or look to its permissions, and try again.",
        ) from error
    finally:
        store.close()


def parse_repo(text: str) -> RepoId:
    """Read a repo's name as it stands in its address: ``namespace/name``, ``datasets/…``, ``spaces/…``.

    Raises
    ------
    LocalHubError
        If it is not of that form.
    """
    first, _, rest = text.strip("/").partition("/")
    kind = next((kind for kind in RepoType if first == kind.plural), None)
    try:
        return RepoId.parse(kind or RepoType.MODEL, rest if kind else text)
    except HubError as error:
        raise LocalHubError(
            f"{text} is not the name of a repo.", "Write NAMESPACE/NAME, datasets/NAMESPACE/NAME or spaces/…"
        ) from error


def find_repo(store: Store, text: str) -> Repo:
    """The repo of this name, or the one it was moved to.

    Raises
    ------
    LocalHubError
        If there is none.
    """
    id = parse_repo(text)
    try:
        return store.get(id)
    except RepoMoved as moved:
        return store.get(moved.new_id)
    except HubError as error:
        raise LocalHubError(
            f"This Hub has no repo {id.web_path}.", "Look at the Hub's front page for what it has."
        ) from error


def repos(store: Store, name: str | None = None) -> list[Repo]:
    """The repo of this name; without one, all."""
    return [find_repo(store, name)] if name else [repo for kind in RepoType for repo in store.all(kind)]


def amount(count: int) -> str:
    """Bytes as a person reads them."""
    if count < 1000:
        return f"{count} B"
    size, unit = count / 1000, 0
    while size >= 999.95:
        size, unit = size / 1000, unit + 1
    return f"{size:.1f} {('kB', 'MB', 'GB', 'TB', 'PB')[unit]}"
