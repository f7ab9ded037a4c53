"""Buckets: files without history, each bucket in a separate folder below the embedded Hub's folder.

Layout::

    ROOT/buckets/NAMESPACE/NAME/
      bucket.json                     permanent id, created, private
      files.json                      each file's path, with object, size and times
      lfs/objects/ab/cd/<sha256>      the content

A bucket is built in ``incoming`` and then renamed into place. To delete it, it is renamed back into ``incoming``.
"""

import json
import os
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from localhub.errors import HubError, repo_not_found
from localhub.files.durable import fsync_folder, make_folders, write_file
from localhub.files.lfs import LfsStore
from localhub.ids import NAME_RULE, is_name
from localhub.storage.records import Record
from localhub.times import now

MOST_FILES = 100_000


@dataclass(frozen=True)
class BucketId:
    """A bucket's name."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"

    @classmethod
    def of_path(cls, namespace: str, name: str) -> "BucketId":
        """Return the bucket that a request's path names; an invalid name is reported as not found."""
        if not is_name(namespace) or not is_name(name):
            raise repo_not_found()
        return cls(namespace, name)

    @classmethod
    def parse(cls, text: str) -> "BucketId":
        """Parse ``namespace/name``; 400 if it does not have that form."""
        namespace, _, name = text.partition("/")
        if not is_name(namespace) or not is_name(name):
            raise HubError(
                400,
                f"{text!r} is not a valid bucket id. Use the form NAMESPACE/NAME. Both parts must have {NAME_RULE}.",
            )
        return cls(namespace, name)


@dataclass(frozen=True)
class BucketSettings:
    """The stored settings of a bucket."""

    id: str
    created_at: str
    private: bool


class Bucket:
    """One bucket.

    Parameters
    ----------
    folder : Path
    id : BucketId
    incoming : Path
        Folder on the same file system for running uploads.
    """

    def __init__(self, folder: Path, id: BucketId, incoming: Path):
        self.folder = folder
        self.id = id
        self.lfs = LfsStore(folder, incoming)
        self._incoming = incoming
        self._files = Record(folder / "files.json", lock=_lock(folder), below=folder)

    @property
    def settings(self) -> BucketSettings:
        """The bucket's settings; 404 if the bucket does not exist."""
        try:
            return BucketSettings(**json.loads((self.folder / "bucket.json").read_bytes()))
        except (FileNotFoundError, NotADirectoryError):
            raise repo_not_found() from None

    def change_settings(self, *, private: bool) -> None:
        """Change who may see the bucket."""
        with _lock(self.folder):
            changed = replace(self.settings, private=private)
            write_file(self.folder / "bucket.json", json.dumps(asdict(changed)).encode())

    def files(self) -> dict[str, dict[str, Any]]:
        """Return all files by path: ``{"oid", "size", "mtime", "uploadedAt"}``."""
        return self._files.read()

    def change(self, put: dict[str, dict[str, Any]], remove: Iterable[str]) -> None:
        """Add or replace files, whose content has arrived, and remove others; then remove unused content.

        Raises
        ------
        HubError
            413 if the bucket would have too many files.
        """
        with self._files.change() as files:
            before = {file["oid"] for file in files.values()}
            for path in remove:
                files.pop(path, None)
            files.update(put)
            if len(files) > MOST_FILES:
                raise HubError(413, f"A bucket may contain at most {MOST_FILES} files.")
            after = {file["oid"] for file in files.values()}
        for oid in before - after:
            self.lfs.path(oid).unlink(missing_ok=True)


class Buckets:
    """All buckets of a Hub.

    Parameters
    ----------
    root : Path
        The embedded Hub's folder.
    incoming : Path
        Folder for unfinished files.
    """

    def __init__(self, root: Path, incoming: Path):
        self._root = root
        self._folder = root / "buckets"
        self._incoming = incoming

    def get(self, id: BucketId) -> Bucket:
        """Return a bucket; 404 if it does not exist."""
        bucket = self._at(id)
        if not bucket.folder.is_dir():
            raise repo_not_found()
        return bucket

    def all(self, namespace: str) -> Iterator[Bucket]:
        """Yield the buckets of a namespace, by name."""
        folder = self._folder / namespace
        if is_name(namespace) and folder.is_dir():
            for path in sorted(folder.iterdir()):
                yield self._at(BucketId(namespace, path.name))

    def create(self, id: BucketId, *, private: bool) -> Bucket:
        """Create an empty bucket; 409 if it exists."""
        settings = BucketSettings(secrets.token_hex(12), now(), private)
        fresh = self._incoming / f"bucket-{secrets.token_hex(8)}"
        fresh.mkdir()
        write_file(fresh / "bucket.json", json.dumps(asdict(settings)).encode())
        try:
            return self._place(fresh, id)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def move(self, bucket: Bucket, id: BucketId) -> Bucket:
        """Rename a bucket; 409 if the new name is taken."""
        with _lock(bucket.folder):
            return self._place(bucket.folder, id)

    def delete(self, bucket: Bucket) -> None:
        """Delete a bucket: hide it first, then remove it from the disk."""
        doomed = self._incoming / f"deleted-{secrets.token_hex(8)}"
        with _lock(bucket.folder):
            try:
                os.rename(bucket.folder, doomed)
            except FileNotFoundError:
                raise repo_not_found() from None
            fsync_folder(bucket.folder.parent)
        shutil.rmtree(doomed, ignore_errors=True)

    def _at(self, id: BucketId) -> Bucket:
        return Bucket(self._folder / id.namespace / id.name, id, self._incoming)

    def _place(self, folder: Path, id: BucketId) -> Bucket:
        target = self._at(id)
        make_folders(target.folder.parent, below=self._root)
        with _PLACING:
            if target.folder.exists():
                raise HubError(409, f"You already have a bucket named {id}.", body={"url": f"/buckets/{id}"})
            os.rename(folder, target.folder)
        fsync_folder(target.folder.parent)
        return target


_PLACING = threading.Lock()
_STRIPES = [threading.RLock() for _ in range(64)]


def _lock(folder: Path) -> threading.RLock:
    """Return the lock of a bucket; some share one."""
    return _STRIPES[hash(folder) % len(_STRIPES)]
