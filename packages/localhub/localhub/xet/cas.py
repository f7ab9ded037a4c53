"""The content-addressed store for a repo's xorbs and shards; the results are ordinary LFS objects.

For weeks, a client remembers which xorbs it has sent to an address, and does not send them again. So each store has its own
address. A store knows where each of its chunks is: first in the xorb's file, later in the LFS objects that were
built from it. If a store has lost a chunk, it accepts no new clients; they get the address of the next store.
When the Hub stops, everything except the LFS objects is removed.
"""

import secrets
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

from localhub.errors import HubError
from localhub.files.lfs import LfsStore, Pointer, Upload
from localhub.storage.buckets import Bucket
from localhub.storage.repo import Repo
from localhub.xet.arrived import Xorb
from localhub.xet.hashing import to_hex
from localhub.xet.shard import Term, XetFile
from localhub.xet.xorb import XorbUpload

IDLE_SECONDS = 3600  # after which a store and its unused xorbs are removed
CHUNKS_REMEMBERED = 1 << 20  # about 64 GiB of content; a store that knows more accepts no new clients
READ_BYTES = 1 << 20
BUILDERS = 8


class Cas:
    """One repo's store at one address.

    Parameters
    ----------
    repo : Repo
    incoming : Path
        Parent of the folder for xorbs.

    Attributes
    ----------
    id : str
        Its name in the address.
    repo_id : RepoId or BucketId
        The repo's name when the store was created.
    oids : dict of str to str
        The sha256 of each file that was built, by its Xet hash.
    """

    def __init__(self, repo: Repo | Bucket, incoming: Path):
        self.id = secrets.token_hex(8)
        self.repo_id = repo.id
        self.identity = repo.settings.id
        self._folder = incoming / f"xet-{self.id}"
        self._folder.mkdir()
        self._xorbs: dict[bytes, Xorb] = {}
        self.oids: dict[str, str] = {}
        self._lock = threading.Lock()
        self.touch()

    def touch(self) -> None:
        """Record that the store is in use."""
        self._used = monotonic()

    @property
    def idle(self) -> bool:
        """Return whether the store has not been used for a long time."""
        return monotonic() - self._used > IDLE_SECONDS

    def complete(self, lfs: LfsStore) -> bool:
        """Return whether the store can accept new clients: it has few enough chunks, and has lost none of them."""
        with self._lock:
            chunks = sum(len(xorb.starts) for xorb in self._xorbs.values())
            oids = set().union(*(xorb.oids() for xorb in self._xorbs.values()))
        return chunks < CHUNKS_REMEMBERED and all(lfs.size(oid) is not None for oid in oids)

    def has(self, hash: bytes) -> bool:
        """Return whether a xorb was sent here before."""
        return hash in self._xorbs

    def receive(self, hash: bytes, size: int) -> XorbUpload:
        """Start receiving a xorb.

        Raises
        ------
        HubError
            507 if the disk has no space for it.
        """
        if shutil.disk_usage(self._folder).free < size:
            raise HubError(
                507,
                f"The embedded Hub's disk does not have enough space for {size} bytes. Free some space, and then try again.",
            )
        return XorbUpload(hash, self._folder / secrets.token_hex(8))

    def keep(self, hash: bytes, upload: XorbUpload) -> None:
        """Finish a xorb. The same xorb may arrive twice at the same time."""
        path = self._folder / to_hex(hash)
        with self._lock:
            starts = upload.finish(path)
            if hash not in self._xorbs:
                self._xorbs[hash] = Xorb(path, starts)
            elif self._xorbs[hash].file is None:
                path.unlink()

    def build_all(self, files: list[XetFile], lfs: LfsStore) -> None:
        """Build several files concurrently; errors as for `build`."""
        pool = ThreadPoolExecutor(BUILDERS)
        try:
            for _ in pool.map(lambda file: self.build(file, lfs), files):
                pass
        finally:
            pool.shutdown(cancel_futures=True)

    def build(self, file: XetFile, lfs: LfsStore) -> None:
        """Build an LFS object from a file's terms. The object is durable and in place, or it does not exist.

        Raises
        ------
        HubError
            400 if xorbs are missing or the sha256 is different, 507 if the disk has no space for it.
        """
        if file.oid is not None and self._is_built(Pointer(file.oid, file.size), file, lfs):
            return
        upload = lfs.receive_size(file.size, file.oid)
        try:
            for term in file.terms:
                self._copy(term, upload, lfs)
            oid = upload.finish()
        finally:
            upload.abandon()
        with self._lock:
            self.oids[file.name] = oid
            start = 0
            for term in file.terms:
                self._xorbs[term.xorb].is_in(oid, start, term)
                start += term.size

    def remove(self) -> None:
        """Remove everything."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _is_built(self, pointer: Pointer, file: XetFile, lfs: LfsStore) -> bool:
        """Return whether all of the file's chunks are known to be, in order, in the LFS object itself."""
        path, end = lfs.path(pointer.oid), 0
        with self._lock:
            for term in file.terms:
                for span in self._xorb(term).spans(term, lfs):
                    if (span.path, span.start) != (path, end):
                        return False
                    end += span.size
        return lfs.claim(pointer)

    def _copy(self, term: Term, upload: Upload, lfs: LfsStore) -> None:
        with ExitStack() as opened:
            with self._lock:  # an open file can be read even if another thread removes it
                spans = list(self._xorb(term).spans(term, lfs))
                try:
                    files = [opened.enter_context(open(span.path, "rb", buffering=0)) for span in spans]
                except FileNotFoundError:
                    raise HubError(
                        400, "Data that was uploaded earlier no longer exists. Upload the data again."
                    ) from None
            for span, file in zip(spans, files, strict=True):
                file.seek(span.start)
                left = span.size
                while left:
                    piece = file.read(min(left, READ_BYTES))
                    if not piece:
                        raise OSError(f"The file {span.path} is shorter than expected")
                    upload.write([piece])
                    left -= len(piece)

    def _xorb(self, term: Term) -> Xorb:
        try:
            return self._xorbs[term.xorb]
        except KeyError:
            raise HubError(400, f"The xorb {to_hex(term.xorb)} was not uploaded to this Hub.") from None


class CasStores:
    """The stores of all repos.

    Parameters
    ----------
    incoming : Path
        Folder for unfinished files, emptied whenever the embedded Hub starts.
    """

    def __init__(self, incoming: Path):
        self._incoming = incoming
        self._stores: dict[str, Cas] = {}
        self._newest: dict[str, Cas] = {}  # by the repo's permanent id
        self._lock = threading.Lock()

    def of(self, repo: Repo | Bucket) -> Cas:
        """Return the store for new clients; stores that nobody uses are removed."""
        with self._lock:
            for cas in [cas for cas in self._stores.values() if cas.idle]:
                self._forget(cas)
            identity = repo.settings.id
            cas = self._newest.get(identity)
            if cas is None or not cas.complete(repo.lfs):
                cas = self._newest[identity] = Cas(repo, self._incoming)
                self._stores[cas.id] = cas
            cas.touch()
            return cas

    def oid(self, identity: str, name: str) -> str | None:
        """Return the sha256 of a file that was sent for the repo with this permanent id, by its Xet hash; None if unknown."""
        with self._lock:
            stores = [cas for cas in self._stores.values() if cas.identity == identity]
        return next((cas.oids[name] for cas in stores if name in cas.oids), None)

    def get(self, id: str) -> Cas:
        """Return the store at an address.

        Raises
        ------
        HubError
            401 if the store no longer exists.
        """
        cas = self._stores.get(id)
        if cas is None:
            raise HubError(
                401, "This upload has expired, or the embedded Hub was restarted. Upload the data again."
            )
        cas.touch()
        return cas

    def _forget(self, cas: Cas) -> None:
        del self._stores[cas.id]
        if self._newest.get(cas.identity) is cas:
            del self._newest[cas.identity]
        cas.remove()
