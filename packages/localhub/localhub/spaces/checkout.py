"""Write the files of a repo at a commit into a folder."""

import os
import shutil
from pathlib import Path

from localhub.git.entries import Snapshot
from localhub.spaces.plan import PlanError

MOST_FILES = 10_000
MOST_BYTES = 1 << 30


def check_out(snapshot: Snapshot, folder: Path) -> None:
    """Create `folder` and write each file of a commit below it.

    Raises
    ------
    PlanError
        If there are too many files, or they are too large.
    """
    count = size = 0
    folder.mkdir(parents=True)
    for entry in snapshot.walk(recursive=True):
        if entry.is_folder:
            continue
        count, size = count + 1, size + entry.size
        if count > MOST_FILES or size > MOST_BYTES:
            raise PlanError(
                "BUILD_ERROR",
                f"This Hub runs only Spaces with at most {MOST_FILES} files and {MOST_BYTES >> 20} MiB.",
            )
        # Git rejects paths that contain "..", and a symbolic link is written as a text file.
        path = folder / entry.path
        if not os.path.abspath(path).startswith(f"{os.path.abspath(folder)}{os.sep}"):
            raise PlanError("BUILD_ERROR", f"The path {entry.path} is outside the Space's folder.")
        path.parent.mkdir(parents=True, exist_ok=True)
        if entry.pointer:
            shutil.copyfile(snapshot.lfs.path(entry.pointer.oid), path)
        else:
            path.write_bytes(snapshot.blob(entry))
