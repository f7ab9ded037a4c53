"""Remove unneeded files (large files not reachable from any ref, unreachable git objects, leftovers), and merge packs.

A collection is safe while a server runs. One repo at a time is locked, so no commit comes between the check and
the removal. Files that a running upload may still need are kept, because nothing younger than the grace period
is removed. A large file counts as new when it arrives, and whenever the Hub reports that it already has the
file (`LfsStore.claim`). A commit checks, with the repo locked, that its large files still exist.
"""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from localhub.errors import HubError
from localhub.maintenance.hub_folder import amount, repos
from localhub.maintenance.packing import merge_packs
from localhub.maintenance.reachable import reachable
from localhub.storage.leftovers import stale_locks, unfinished_files
from localhub.storage.repo import Repo
from localhub.storage.store import Store

GRACE_HOURS = 24.0  # upload addresses are valid for six


@dataclass
class Freed:
    """What a collection freed, or would free.

    Attributes
    ----------
    large_files : int
        Number of large files removed.
    packed : int
        Number of packs and loose git objects merged into one pack per repo.
    bytes : int
        Bytes freed on the disk.
    damaged : tuple of str
        Addresses of repos that were skipped.
    """

    large_files: int = 0
    packed: int = 0
    bytes: int = 0
    damaged: tuple[str, ...] = ()


def collect_garbage(
    store: Store,
    name: str | None,
    *,
    grace_hours: float = GRACE_HOURS,
    dry_run: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> Freed:
    """Clean one repo, or all repos.

    Parameters
    ----------
    store : Store
        A store opened for maintenance.
    name : str, optional
        The repo; None for all repos.
    grace_hours : float
        The minimum age of anything removed, in hours.
    dry_run : bool
        Only report what would be removed.
    say : callable
        Receives a line for each repo from which something is removed.
    """
    freed = Freed()
    cutoff = time.time() - grace_hours * 3600
    for repo in repos(store, name):
        try:
            with repo.lock:
                _clean(repo, cutoff, dry_run, freed, say, alone=store.alone)
        except HubError:  # deleted or moved in the meantime
            continue
    if name is None and store.alone:
        leftovers = list(store.incoming.iterdir())
        freed.bytes += sum(_size(path) for path in leftovers)
        for path in leftovers if not dry_run else []:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return freed


def _clean(
    repo: Repo, cutoff: float, dry_run: bool, freed: Freed, say: Callable[[str], None], *, alone: bool
) -> None:
    where = repo.id.web_path
    reached = reachable(repo.git().handle)
    if reached.missing:
        say(f"{where}: damaged, not changed")
        freed.damaged += (where,)
        return
    needed = {pointer.oid for pointer in reached.pointers}
    doomed = [path for path in repo.lfs.files() if path.name not in needed and _is_older(path, cutoff)]
    unfinished = [path for path in unfinished_files(repo.folder / "git") if _is_older(path, cutoff)]
    unfinished += [path for path in repo.folder.rglob(".*.tmp") if _is_older(path, cutoff)]
    if alone:
        unfinished += stale_locks(repo.folder / "git")
    size = sum(_size(path) for path in doomed + unfinished)
    if not dry_run:
        for path in doomed + unfinished:
            path.unlink(missing_ok=True)
    packed, packed_bytes = merge_packs(repo, reached.objects, cutoff=cutoff, dry_run=dry_run)
    freed.large_files += len(doomed)
    freed.packed += packed
    freed.bytes += size + packed_bytes
    if doomed or packed:
        size = amount(size + packed_bytes)
        say(
            f"{where}: {len(doomed)} unneeded large files, {packed} files of git objects merged into one pack, {size}"
        )


def _is_older(path: Path, cutoff: float) -> bool:
    try:
        return path.stat().st_mtime < cutoff
    except FileNotFoundError:
        return False


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(_size(Path(folder, name)) for folder, _, names in os.walk(path) for name in names)
    status = path.lstat()
    return status.st_size if status.st_nlink == 1 else 0  # a duplicate of the repo shares it
