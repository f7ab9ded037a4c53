"""Commit files as the only commit of a new repo: small ones as git blobs, large ones in the LFS store."""

import os
import secrets
import shutil
from pathlib import Path

from localhub.accounts import DEFAULT_ACCOUNT
from localhub.errors import HubError, LocalHubError
from localhub.files.lfs import Pointer
from localhub.git.gitrepo import MAIN
from localhub.git.objects import ObjectWriter
from localhub.git.tree import EditableTree
from localhub.ids import check_path
from localhub.maintenance.fsck import sha256_of
from localhub.storage.repo import Repo

AUTHOR = (DEFAULT_ACCOUNT, f"{DEFAULT_ACCOUNT}@localhost")


def commit_files(repo: Repo, files: dict[str, tuple[Path | bytes, bool]], message: str) -> str:
    """Commit files to a repo without commits; return the commit's id.

    Parameters
    ----------
    repo : Repo
        A repo from `new_repo`.
    files : dict
        Path in the repo to the file (or its content) and whether it is a large file.
    message : str
        The commit message.

    Raises
    ------
    LocalHubError
        For a path that no repo can contain.
    """
    git = repo.git()
    with ObjectWriter(git.handle, repo.incoming) as writer:
        tree = EditableTree(git.handle)
        for path, (file, large) in sorted(files.items()):
            try:
                check_path(path)
            except HubError as error:
                raise LocalHubError(
                    error.message, "Rename the file in the source. Nothing was changed in this Hub."
                ) from error
            tree.set(path, writer.add("blob", _content(repo, file, large)))
        return git.commit(
            writer,
            tree=tree.write(writer) or writer.add("tree", b""),
            parents=[],
            author=AUTHOR,
            message=f"{message}\n",
            ref=f"refs/heads/{MAIN}",
        )


def _content(repo: Repo, file: Path | bytes, large: bool) -> bytes:
    if isinstance(file, bytes):
        return file
    pointer = take_large_file(repo, file) if large else None
    return pointer.encode() if pointer else file.read_bytes()


def take_large_file(repo: Repo, file: Path, expected: Pointer | None = None) -> Pointer | None:
    """Copy a file into the LFS store; return None if its content is not the expected one."""
    copy = repo.incoming / f"lfs-{secrets.token_hex(8)}"
    try:
        shutil.copyfile(file, copy)
        pointer = Pointer(sha256_of(copy), copy.stat().st_size)
        if expected not in (None, pointer):
            return None
        copy.chmod(0o444)
        with open(copy, "rb") as written:
            os.fsync(written.fileno())
        repo.lfs.admit(copy, pointer.oid)
        return pointer
    finally:
        copy.unlink(missing_ok=True)
