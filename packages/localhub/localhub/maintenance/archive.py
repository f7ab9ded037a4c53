"""The format of an exported repo: a plain tar file (POSIX pax, not compressed) with the manifest last.

repo.json                 settings
objects.pack, .idx        every git object reachable from a ref
lfs/<sha256>              every large file that these reference
more/…                    the other files of the repo's folder, such as discussions
manifest.json             format, type, id, refs, and size and sha256 of every file above
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import IO

from localhub.errors import HubError
from localhub.ids import check_path

FORMAT = "spacehub-repo-1"
MANIFEST = "manifest.json"
SETTINGS = "repo.json"
PACK, INDEX = "objects.pack", "objects.idx"
LFS, MORE = "lfs/", "more/"
COMMIT_ID = re.compile(r"[0-9a-f]{40}")
_NAME = re.compile(
    rf"{MANIFEST}|{SETTINGS}|{re.escape(PACK)}|{re.escape(INDEX)}|{LFS}[0-9a-f]{{64}}|{MORE}(?s:.+)"
)


def allowed(name: str) -> bool:
    """Return whether an archive may contain a file of this name; not if it leaves the folder, hides, or belongs to git."""
    if not _NAME.fullmatch(name) or "\\" in name:  # Windows separates folders with a backslash
        return False
    try:
        path = check_path(name)
    except HubError:
        return False
    return path.split("/")[1].lower() not in ("git", SETTINGS) if name.startswith(MORE) else True


@dataclass
class Hashed:
    """A file that is hashed and counted while it is read.

    Attributes
    ----------
    file : binary file
    size : int
        Bytes read so far.
    """

    file: IO[bytes]
    size: int = 0
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def read(self, count: int = -1) -> bytes:
        """Read as from the file."""
        data = self.file.read(count)
        self._hash.update(data)
        self.size += len(data)
        return data

    @property
    def sha256(self) -> str:
        """The sha256 of the bytes read so far, in hex."""
        return self._hash.hexdigest()
