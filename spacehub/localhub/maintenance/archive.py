"""The form of an exported repo: a plain tar file (POSIX pax, not compressed), the manifest last.

repo.json                 settings
objects.pack, .idx        every git object that a ref leads to
lfs/<sha256>              every large file that one of them names
more/…                    what else the repo's folder holds, such as discussions
manifest.json             format, type, id, refs, and size and sha256 of every file above
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import BinaryIO

from spacehub.localhub.errors import HubError
from spacehub.localhub.ids import check_path

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
    """Whether a file of this name can be in an archive; one that climbs out, hides, or means git's own cannot."""
    if not _NAME.fullmatch(name) or "\\" in name:  # for Windows a backslash parts folders
        return False
    try:
        path = check_path(name)
    except HubError:
        return False
    return path.split("/")[1].lower() not in ("git", SETTINGS) if name.startswith(MORE) else True


@dataclass
class Hashed:
    """A file that is hashed and counted as it is read.

    Attributes
    ----------
    file : binary file
    size : int
        Bytes read so far.
    """

    file: BinaryIO
    size: int = 0
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def read(self, count: int = -1) -> bytes:
        """Read as the file does."""
        data = self.file.read(count)
        self._hash.update(data)
        self.size += len(data)
        return data

    @property
    def sha256(self) -> str:
        """Of what was read so far, in hex."""
        return self._hash.hexdigest()
