"""Copy a repo from elsewhere into this Hub: from another Hub, a git clone, a client's cache, or a plain folder."""

from collections.abc import Callable
from pathlib import Path

from localhub.errors import LocalHubError
from localhub.ids import RepoId
from localhub.maintenance import mirror_folder, mirror_hub
from localhub.maintenance.hub_folder import parse_repo
from localhub.maintenance.new_repo import require_free
from localhub.storage.store import Store

PUBLIC_HUB = "huggingface.co"


def mirror(
    store: Store, name: str, origin: str, *, say: Callable[[str], None] = lambda line: None
) -> tuple[RepoId, str]:
    """Create a repo from the newest commit of the repo with the same name elsewhere.

    If git can fetch that commit, the commit keeps its id. Otherwise the files become one new commit, whose message contains the id.

    Parameters
    ----------
    store : Store
        A store opened for maintenance.
    name : str
        Its name here and, if the origin is a Hub, also there.
    origin : str
        ``huggingface.co``, the address of another Hub, or a folder.
    say : callable
        Receives a line for each large file.

    Returns
    -------
    tuple
        The repo's name and its commit.

    Raises
    ------
    LocalHubError
        If the origin does not exist or cannot be read, or the name is taken. Then nothing is changed.
    """
    id = parse_repo(name)
    require_free(store, id)
    if origin == PUBLIC_HUB or origin.startswith(("http://", "https://")):
        endpoint = origin.rstrip("/") if "://" in origin else f"https://{origin}"
        return id, mirror_hub.mirror(store, id, endpoint, say)
    folder = Path(origin).expanduser()
    if not folder.is_dir():
        raise LocalHubError(
            f"{origin} is neither {PUBLIC_HUB}, nor the address of another Hub, nor a folder.",
            "Use an address with http:// or https://, or the path of an existing folder.",
        )
    return id, mirror_folder.mirror(store, id, folder.resolve(), say)
