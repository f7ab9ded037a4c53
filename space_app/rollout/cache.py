"""Files of the client's cache that are no longer what the Hub sent, after a full disk or a crash."""

import contextlib
import hashlib
from pathlib import Path

_STEP = 2**20


def remove_damaged(folder: Path) -> list[str]:
    """Remove the damaged files of a snapshot from the cache, so that they are fetched again; return their names.

    The cache names a file by its hash: SHA-256 of a large one, git's SHA-1 of a small one.
    """
    damaged = []
    for path in sorted(folder.rglob("*")):
        if not path.is_symlink():
            continue
        blob = path.resolve()
        if not blob.is_file() or not _is_whole(blob):
            damaged.append(path.relative_to(folder).as_posix())
            for one in (path, blob):
                with contextlib.suppress(OSError):
                    one.unlink()
    return damaged


def _is_whole(blob: Path) -> bool:
    try:
        size = blob.stat().st_size
        if len(blob.name) == 64:
            found = hashlib.sha256()
        elif len(blob.name) == 40:
            found = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
        else:
            return True
        with blob.open("rb") as file:
            while part := file.read(_STEP):
                found.update(part)
    except OSError:
        return False
    return found.hexdigest() == blob.name
