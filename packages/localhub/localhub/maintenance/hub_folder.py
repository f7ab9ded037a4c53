"""Open a Hub's folder for maintenance: all of its repos, or the repo that a command names."""

import contextlib
from collections.abc import Generator
from pathlib import Path

import pygit2

from localhub.errors import HubError, LocalHubError, RepoMoved
from localhub.ids import RepoId, RepoType
from localhub.storage.repo import Repo
from localhub.storage.store import Store


@contextlib.contextmanager
def open_hub(root: Path, *, make: bool = False) -> Generator[Store]:
    """Open the repos of a folder, even while a server serves them (see `Store.alone`).

    Parameters
    ----------
    root : Path
        The embedded Hub's folder.
    make : bool
        Create it if missing.

    Raises
    ------
    LocalHubError
        If the folder has no Hub or cannot be written, or the disk fills up during the work.
    """
    if not make and not (root / "repos").is_dir():
        raise LocalHubError(
            f"The folder {root} does not contain an embedded Hub.",
            "Set --root to the folder of an embedded Hub.",
        )
    store = Store(root, maintenance=True)
    try:
        yield store
    except (OSError, pygit2.GitError) as error:
        raise LocalHubError(
            f"The command failed in the folder {root}: {getattr(error, 'strerror', None) or error}.",
            "Free some disk space or check the permissions, and then try again.",
        ) from error
    finally:
        store.close()


def parse_repo(text: str) -> RepoId:
    """Parse a repo's name as in its address: ``namespace/name``, ``datasets/…``, ``spaces/…``.

    Raises
    ------
    LocalHubError
        If the text does not have that form.
    """
    first, _, rest = text.strip("/").partition("/")
    kind = next((kind for kind in RepoType if first == kind.plural), None)
    try:
        return RepoId.parse(kind or RepoType.MODEL, rest if kind else text)
    except HubError as error:
        raise LocalHubError(
            f"{text} is not a valid repo name.",
            "Use the form NAMESPACE/NAME, datasets/NAMESPACE/NAME or spaces/NAMESPACE/NAME.",
        ) from error


def find_repo(store: Store, text: str) -> Repo:
    """Return the repo with this name, even if the repo has moved to another name.

    Raises
    ------
    LocalHubError
        If no repo has this name.
    """
    id = parse_repo(text)
    try:
        return store.get(id)
    except RepoMoved as moved:
        return store.get(moved.new_id)
    except HubError as error:
        raise LocalHubError(
            f"This Hub has no repo named {id.web_path}.",
            "To see all repos, open the front page of the embedded Hub.",
        ) from error


def repos(store: Store, name: str | None = None) -> list[Repo]:
    """Return the repo of this name; without a name, all repos."""
    return [find_repo(store, name)] if name else [repo for kind in RepoType for repo in store.all(kind)]


def amount(count: int) -> str:
    """Format a number of bytes for people."""
    if count < 1000:
        return f"{count} B"
    size, unit = count / 1000, 0
    while size >= 999.95:
        size, unit = size / 1000, unit + 1
    return f"{size:.1f} {('kB', 'MB', 'GB', 'TB', 'PB')[unit]}"
