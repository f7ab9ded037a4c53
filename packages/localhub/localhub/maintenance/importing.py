"""Import an exported repo. Every byte is checked, and the repo appears whole or not at all."""

import dataclasses
import errno
import json
import os
import secrets
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pygit2

from localhub.errors import HubError, LocalHubError
from localhub.ids import RepoId, RepoType
from localhub.maintenance import archive
from localhub.maintenance.archive import INDEX, LFS, MANIFEST, MORE, PACK, SETTINGS, Hashed
from localhub.maintenance.hub_folder import parse_repo
from localhub.maintenance.new_repo import new_repo, put_in_place, require_free
from localhub.storage.repo import Repo, RepoSettings
from localhub.storage.store import Store

SMALL_BYTES = 64 << 20  # limit of the manifest, the settings, and each file outside git
OBJECT_BYTES = 1 << 30  # limit of an unpacked git object
_READ_BYTES = 4 << 20


class _Refused(Exception):
    """Why an archive is rejected."""


@dataclass(frozen=True)
class _Taken:
    """A file of the archive, stored under our own name."""

    path: Path
    size: int
    sha256: str


def import_repo(store: Store, source: Path, *, name: str | None = None) -> RepoId:
    """Create a repo from an archive.

    Parameters
    ----------
    store : Store
        A store opened for maintenance.
    source : Path
        A file written by `export_repo`.
    name : str, optional
        The repo's new name; None for the name in the archive.

    Returns
    -------
    RepoId
        The repo's name.

    Raises
    ------
    LocalHubError
        If the archive is damaged or forged, the name is taken, or the disk is full. Then nothing is changed.
    """
    chosen = parse_repo(name) if name else None
    if chosen is not None:
        require_free(store, chosen)
    placeholder = chosen or RepoId(RepoType.MODEL, "import", "import")
    try:
        with new_repo(store, placeholder) as repo, open(source, "rb") as file:
            taken = _take(file, repo)
            manifest = _manifest(taken)
            id = RepoId.parse(RepoType.of(manifest["type"]), manifest["id"])
            if chosen is not None and chosen.type is not id.type:
                raise _Refused(f"the file contains a {id.type.singular}, not a {chosen.type.singular}")
            id = chosen or id
            require_free(store, id)
            _place_files(repo, taken)
            _check_objects(repo.git().handle)
            _write_refs(repo, manifest)
            settings = _settings(taken[SETTINGS].path, new_id=chosen is not None)
            shutil.rmtree(repo.folder / "git" / "taken")
            repo.id = id
            put_in_place(store, repo, settings)
            return id
    except (_Refused, HubError, tarfile.TarError, EOFError, UnicodeError) as error:
        raise LocalHubError(
            f"{source} is not a complete export of a repo: {str(error).rstrip('.')}.",
            "Export the repo again. Nothing was changed.",
        ) from error
    except OSError as error:
        raise LocalHubError(
            f"Cannot import {source}: {error.strerror or error}.",
            "Use a file created by `localhub export`. Nothing was changed.",
        ) from error


def _take(file: BinaryIO, repo: Repo) -> dict[str, _Taken]:
    """Extract every file of the archive; return them by name."""
    folder = repo.folder / "git" / "taken"
    folder.mkdir()
    taken: dict[str, _Taken] = {}
    with tarfile.open(fileobj=file, mode="r|") as tar:
        for member in tar:
            if not member.isreg() or member.issparse():
                raise _Refused(f"{member.name!r} is not a regular file")
            if not archive.allowed(member.name) or member.name in taken:
                raise _Refused(f"the file {member.name!r} is not allowed")
            if not member.name.startswith((LFS, "objects.")) and member.size > SMALL_BYTES:
                raise _Refused(f"{member.name!r} is too long")
            if shutil.disk_usage(folder).free < member.size:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            path = folder / secrets.token_hex(8)
            content = tar.extractfile(member)
            if content is None:
                raise _Refused(f"{member.name!r} is not a regular file")
            source = Hashed(content)
            with open(path, "xb") as target:
                shutil.copyfileobj(source, target, _READ_BYTES)
            if source.size != member.size:
                raise _Refused(f"{member.name!r} is truncated")
            taken[member.name] = _Taken(path, source.size, source.sha256)
    return taken


def _manifest(taken: dict[str, _Taken]) -> dict[str, Any]:
    """Return the manifest after checking that the files match it."""
    if MANIFEST not in taken:
        raise _Refused("the manifest is missing")
    manifest = _json(taken[MANIFEST].path)
    if manifest.get("format") != archive.FORMAT:
        raise _Refused(f"the format is not {archive.FORMAT}")
    expected = manifest.get("files")
    if not isinstance(expected, dict) or set(expected) != set(taken) - {MANIFEST}:
        raise _Refused("the files do not match the manifest")
    for name, file in taken.items():
        if name != MANIFEST and expected[name] != {"size": file.size, "sha256": file.sha256}:
            raise _Refused(f"{name!r} does not match its entry in the manifest")
        if name.startswith(LFS) and name != LFS + file.sha256:
            raise _Refused(f"the content of {name!r} does not match the sha256 in its name")
    if not {SETTINGS, PACK, INDEX} <= set(taken):
        raise _Refused("settings or git objects are missing")
    for field, kind in (("type", str), ("id", str), ("refs", dict), ("shallow", list)):
        if not isinstance(manifest.get(field), kind):
            raise _Refused(f"{field} is missing from the manifest")
    return manifest


def _place_files(repo: Repo, taken: dict[str, _Taken]) -> None:
    packs = repo.folder / "git" / "objects" / "pack"
    for name, file in taken.items():
        if name in (PACK, INDEX):
            target = packs / f"pack-{taken[PACK].sha256[:40]}{Path(name).suffix}"
            file.path.chmod(0o444)
            file.path.rename(target)
        elif name.startswith(LFS):
            file.path.chmod(0o444)
            repo.lfs.admit(file.path, file.sha256)
        elif name.startswith(MORE):
            target = repo.folder / name.removeprefix(MORE)
            target.parent.mkdir(parents=True, exist_ok=True)
            file.path.chmod(0o600)  # it may contain a Space's secrets
            file.path.rename(target)


def _check_objects(handle: pygit2.Repository) -> None:
    """Reject objects that would become too large when unpacked. A later step checks that each object is complete."""
    try:
        sizes = ((oid, handle.odb.read_header(oid)[1]) for oid in handle.odb)
        large = next((oid for oid, size in sizes if size > OBJECT_BYTES), None)
    except (KeyError, pygit2.GitError) as error:
        raise _Refused(f"the git objects are damaged: {error}") from error
    if large is not None:
        raise _Refused(f"the git object {large} is longer than {OBJECT_BYTES} bytes")


def _write_refs(repo: Repo, manifest: dict[str, Any]) -> None:
    refs, shallow = manifest["refs"], manifest["shallow"]
    for name, commit in refs.items():
        if not name.startswith("refs/") or not pygit2.reference_is_valid_name(name) or not _is_id(commit):
            raise _Refused(f"{name!r} is not a valid ref")
    if not all(map(_is_id, shallow)):
        raise _Refused("the list of shallow commits has an unknown format")
    lines = [f"{commit} {name}\n" for name, commit in sorted(refs.items())]
    (repo.folder / "git" / "packed-refs").write_text("".join(lines), encoding="utf-8")
    if shallow:
        (repo.folder / "git" / "shallow").write_text("".join(f"{commit}\n" for commit in shallow))


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and archive.COMMIT_ID.fullmatch(value) is not None


def _settings(path: Path, *, new_id: bool) -> RepoSettings:
    """Return the settings in the archive; a copy under another name gets a new id."""
    try:
        settings = RepoSettings.decode(json.dumps(_json(path)).encode())
    except TypeError as error:
        raise _Refused("a required field is missing from the settings") from error
    if not isinstance(settings.id, str) or not isinstance(settings.private, bool):
        raise _Refused("the settings have the wrong format")
    return dataclasses.replace(settings, id=secrets.token_hex(12)) if new_id else settings


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise _Refused("a file in the export is not valid JSON") from error
    if not isinstance(value, dict):
        raise _Refused("a file in the export is not a JSON object")
    return value
