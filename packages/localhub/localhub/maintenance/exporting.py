"""Write one repo, with its history, large files, settings and discussions, to one file (see `archive` for the format)."""

import dataclasses
import io
import json
import os
import secrets
import shlex
import shutil
import tarfile
from pathlib import Path
from typing import IO, Any

from localhub.errors import LocalHubError
from localhub.files.durable import fsync_folder
from localhub.files.positioned import BINARY
from localhub.maintenance.archive import FORMAT, INDEX, LFS, MANIFEST, MORE, PACK, SETTINGS, Hashed
from localhub.maintenance.hub_folder import find_repo
from localhub.maintenance.packing import write_pack
from localhub.maintenance.reachable import Reachable, reachable
from localhub.storage.repo import Repo
from localhub.storage.store import Store


def export_repo(store: Store, name: str, target: Path) -> int:
    """Write a repo to a file that only its owner can read; return its length in bytes.

    The repo is locked while its git objects are collected; large files never change, so writers need not wait for them.

    Raises
    ------
    LocalHubError
        If the repo does not exist or is damaged, or the file already exists.
    """
    repo = find_repo(store, name)
    if target.exists():
        raise LocalHubError(f"The file {target} already exists.", "Remove it, or choose another name.")
    gathered = repo.incoming / f"export-{secrets.token_hex(8)}"
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        gathered.mkdir()
        with repo.lock:
            reached, manifest, more = _gather(repo, gathered)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                _write(tar, repo, gathered, reached, manifest, more)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, target)
        fsync_folder(target.absolute().parent)
    except OSError as error:
        raise LocalHubError(
            f"Cannot write {target}: {error.strerror or error}.", "Free some space, or choose another folder."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
        shutil.rmtree(gathered, ignore_errors=True)
    return target.stat().st_size


def _gather(repo: Repo, folder: Path) -> tuple[Reachable, dict[str, Any], dict[str, bytes]]:
    """Collect everything that can change; the git objects go into a pack in `folder`."""
    handle = repo.git().handle
    reached = reachable(handle)
    if reached.missing:
        raise _damaged(repo, reached.missing[0])
    write_pack(handle, reached.objects, repo.incoming, folder)
    shallow = Path(handle.path) / "shallow"
    manifest = {
        "format": FORMAT,
        "type": repo.id.type.singular,
        "id": str(repo.id),
        "refs": dict(sorted((ref.name, str(ref.resolve().target)) for ref in handle.references.iterator())),
        "shallow": shallow.read_text().split() if shallow.exists() else [],
    }
    more = {
        path.relative_to(repo.folder).as_posix(): path.read_bytes()
        for path in sorted(repo.folder.rglob("*"))
        if path.is_file() and path.relative_to(repo.folder).parts[0] not in ("git", SETTINGS)
    }
    return reached, manifest, more


def _write(
    tar: tarfile.TarFile,
    repo: Repo,
    gathered: Path,
    reached: Reachable,
    manifest: dict[str, Any],
    more: dict[str, bytes],
) -> None:
    files: dict[str, dict[str, Any]] = {}

    def add(name: str, file: IO[bytes], size: int) -> str:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        hashed = Hashed(file)
        tar.addfile(info, hashed)
        files[name] = {"size": hashed.size, "sha256": hashed.sha256}
        return hashed.sha256

    def add_bytes(name: str, data: bytes) -> None:
        add(name, io.BytesIO(data), len(data))

    add_bytes(SETTINGS, json.dumps(dataclasses.asdict(repo.settings), indent=2).encode())
    for path in sorted(gathered.iterdir()):
        with open(path, "rb") as file:
            add(PACK if path.suffix == ".pack" else INDEX, file, path.stat().st_size)
    for pointer, where in reached.pointers.items():
        try:
            with open(repo.lfs.path(pointer.oid), "rb") as file:
                whole = add(LFS + pointer.oid, file, pointer.size) == pointer.oid
        except OSError as error:  # also if it is shorter than it should be
            raise _damaged(repo, f"the large file {where}: {error}") from error
        if not whole:
            raise _damaged(repo, f"the content of the large file {where} does not match its sha256")
    for name, data in more.items():
        add_bytes(MORE + name, data)
    add_bytes(MANIFEST, json.dumps({**manifest, "files": files}, indent=1).encode())


def _damaged(repo: Repo, what: str) -> LocalHubError:
    root = shlex.quote(str(repo.folder.parents[3]))
    return LocalHubError(
        f"{repo.id.web_path} is damaged: {what}.",
        f"For details, run: localhub fsck --root {root} {repo.id.web_path}",
    )
