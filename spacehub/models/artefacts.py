"""Write a training run's folder: it appears completely, in place of the previous one, or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from spacehub.errors import SpaceHubError
from spacehub.home import ensure


def require_replaceable(folder: Path) -> None:
    """Check, before long work begins, that its result can replace `folder`.

    Raises
    ------
    SpaceHubError
        If `folder` contains files that no training run wrote, or its parent cannot be written.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "results.json").is_file():
        raise SpaceHubError(
            f"{folder} contains files that do not come from a training run. Training would replace these files.",
            "Choose a new or empty folder: --output /path/to/folder",
        )
    ensure(folder.parent)


@contextlib.contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Yield a new folder to fill; when the body ends without an error, it replaces `folder`.

    Raises
    ------
    SpaceHubError
        As `require_replaceable`.
    """
    require_replaceable(folder)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        fresh = Path(scratch) / "new"
        fresh.mkdir()
        yield fresh
        if folder.exists():
            os.replace(folder, Path(scratch) / "old")
        os.replace(fresh, folder)
