"""Merge a repo's packs and loose objects into one pack, without the objects that no ref reaches.

Many commits leave many small packs, and git searches all of them. Readers do not wait. An old pack is removed only after the
new pack, which has its objects, is durable and visible. A reader that has the old pack open can still read it.
"""

import contextlib
import secrets
import shutil
import struct
from collections.abc import Iterable
from pathlib import Path

import pygit2

from localhub.files.durable import fsync_folder, fsync_tree
from localhub.storage.repo import Repo


def merge_packs(repo: Repo, needed: set[bytes], *, cutoff: float, dry_run: bool = False) -> tuple[int, int]:
    """Merge a repo's packs; the caller holds the repo's lock.

    Parameters
    ----------
    repo : Repo
        The repo.
    needed : set of bytes
        Ids of the objects reachable from refs.
    cutoff : float
        Objects in files written since (seconds since 1970) are always kept, because a push may be about to need them.
    dry_run : bool
        Change nothing.

    Returns
    -------
    tuple of int
        The number of merged files, and the bytes freed. A dry run counts only files without needed objects.
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
    (folder / "pack" / "multi-pack-index").unlink(missing_ok=True)  # it lists the old packs
    fsync_folder(folder / "pack")
    return len(holdings), max(before - _bytes([packed]), 0)


def write_pack(repo: pygit2.Repository, ids: set[bytes], incoming: Path, target: Path) -> Path:
    """Write objects of a repository, compressed against each other, as one durable pack in the `target` folder."""
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
        pack.with_suffix(".idx").replace(target / f"{pack.stem}.idx")  # last: git finds a pack by its index
        fsync_folder(target)
        return target / pack.name
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _holdings(folder: Path) -> dict[Path, set[bytes]]:
    """Return the ids in each pack and each loose object's file, except in packs that git was asked to keep."""
    ids = {}
    for pack in (folder / "pack").glob("*.pack"):
        index = pack.with_suffix(".idx")
        if index.exists() and not pack.with_suffix(".keep").exists():
            ids[pack] = _ids(index.read_bytes())
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        name = path.parent.name + path.name
        if len(name) == 40:
            ids[path] = {bytes.fromhex(name)}
    return ids


def _ids(index: bytes) -> set[bytes]:
    """Return the ids in a version 2 pack index (gitformat-pack(5)): after 8 bytes and a table of 256 counts."""
    (count,) = struct.unpack_from(">I", index, 8 + 255 * 4)
    start = 8 + 256 * 4
    return {index[at : at + 20] for at in range(start, start + 20 * count, 20)}


def _bytes(files: Iterable[Path]) -> int:
    """Return the disk space of packs and loose objects. Even the smallest file takes a block."""
    parts = [part for file in files for part in _files_of(file)]
    return sum(part.stat().st_blocks * 512 for part in parts if part.exists())


def _remove(file: Path) -> None:
    for part in reversed(_files_of(file)):  # the index first, because git finds a pack by it
        part.unlink(missing_ok=True)
    if file.suffix != ".pack":
        with contextlib.suppress(OSError):  # the folder contains other objects
            file.parent.rmdir()


def _files_of(file: Path) -> list[Path]:
    return (
        [file, *(file.with_suffix(end) for end in (".rev", ".bitmap", ".mtimes", ".idx"))]
        if file.suffix == ".pack"
        else [file]
    )
