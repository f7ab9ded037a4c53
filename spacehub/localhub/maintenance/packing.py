"""Merge a repo's packs and loose objects into one pack, and leave out what no ref leads to.

Many commits leave many small packs, and git looks through all of them. Readers need not wait: a pack is removed only
after the new one, which has its objects, is durable and visible; whoever has the old one open goes on reading it.
"""

import contextlib
import secrets
import shutil
import struct
from collections.abc import Iterable
from pathlib import Path

import pygit2

from spacehub.localhub.storage.durable import fsync_folder, fsync_tree
from spacehub.localhub.storage.repo import Repo


def merge_packs(repo: Repo, needed: set[bytes], *, cutoff: float, dry_run: bool = False) -> tuple[int, int]:
    """Merge; whoever calls holds the repo's lock.

    Parameters
    ----------
    repo : Repo
        Which.
    needed : set of bytes
        Ids of the objects that refs lead to.
    cutoff : float
        Objects in files written since (seconds since 1970) are kept in any case: a push may be about to need them.
    dry_run : bool
        Change nothing.

    Returns
    -------
    tuple of int
        How many files became one, and bytes freed. A dry run counts only the bytes of files that hold nothing needed.
    """
    folder = repo.folder / "git" / "objects"
    holdings = _holdings(folder)
    kept = set(needed)
    for file, ids in holdings.items():
        if file.stat().st_mtime >= cutoff:
            kept |= ids
    if len(holdings) <= 1 and all(ids <= kept for ids in holdings.values()):
        return 0, 0
    before = _bytes(holdings)
    if dry_run:
        return len(holdings), _bytes(file for file, ids in holdings.items() if not ids & kept)
    packed = write_pack(repo.git().handle, kept, repo.incoming, folder / "pack")
    for file in holdings:
        if file.stem != packed.stem:
            _remove(file)
    (folder / "pack" / "multi-pack-index").unlink(missing_ok=True)  # it tells of the old packs
    fsync_folder(folder / "pack")
    return len(holdings), max(before - _bytes([packed]), 0)


def write_pack(repo: pygit2.Repository, ids: set[bytes], incoming: Path, target: Path) -> Path:
    """Put objects of a repository, compressed against each other, into one durable pack in the folder `target`."""
    building = incoming / f"pack-{secrets.token_hex(8)}"
    building.mkdir()
    try:
        builder = pygit2.PackBuilder(repo)
        for oid in sorted(ids):
            builder.add(pygit2.Oid(raw=oid))
        builder.write(str(building))
        pack = next(building.glob("*.pack"))
        fsync_tree(building)
        pack.replace(target / pack.name)
        pack.with_suffix(".idx").replace(target / f"{pack.stem}.idx")  # last: git sees a pack by its index
        fsync_folder(target)
        return target / pack.name
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _holdings(folder: Path) -> dict[Path, set[bytes]]:
    """Each pack and each loose object's file, and the ids in it; not the packs that git was told to keep."""
    found = {}
    for pack in (folder / "pack").glob("*.pack"):
        index = pack.with_suffix(".idx")
        if index.exists() and not pack.with_suffix(".keep").exists():
            found[pack] = _ids(index.read_bytes())
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        name = path.parent.name + path.name
        if len(name) == 40:
            found[path] = {bytes.fromhex(name)}
    return found


def _ids(index: bytes) -> set[bytes]:
    """The ids in a pack's index of version 2 (gitformat-pack(5)): after 8 bytes and a table of 256 counts."""
    (count,) = struct.unpack_from(">I", index, 8 + 255 * 4)
    start = 8 + 256 * 4
    return {index[at : at + 20] for at in range(start, start + 20 * count, 20)}


def _bytes(files: Iterable[Path]) -> int:
    """What packs and loose objects take on the disk, where even the smallest file takes a block."""
    parts = [part for file in files for part in _files_of(file)]
    return sum(part.stat().st_blocks * 512 for part in parts if part.exists())


def _remove(file: Path) -> None:
    for part in reversed(_files_of(file)):  # a pack's index goes first: by it git sees the pack
        part.unlink(missing_ok=True)
    if file.suffix != ".pack":
        with contextlib.suppress(OSError):  # other objects are in the folder
            file.parent.rmdir()


def _files_of(file: Path) -> list[Path]:
    return (
        [file, *(file.with_suffix(end) for end in (".rev", ".bitmap", ".mtimes", ".idx"))]
        if file.suffix == ".pack"
        else [file]
    )
