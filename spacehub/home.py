"""The folder in which SpaceHub stores its data."""

import contextlib
import os
from pathlib import Path

from platformdirs import user_data_path

from spacehub.errors import SpaceHubError


def home() -> Path:
    """Return ``SPACEHUB_HOME``, or the user's data folder for SpaceHub if the variable is not set.

    The folder may not exist yet; see `ensure`.
    """
    chosen = os.environ.get("SPACEHUB_HOME", "").strip()
    return Path(chosen).expanduser().resolve() if chosen else user_data_path("spacehub")


def ensure(folder: Path) -> Path:
    """Create `folder` if necessary and check that it is writable.

    Raises
    ------
    SpaceHubError
        If the folder cannot be created, is not writable, or its disk is full.
    """
    probe = folder / ".write-probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(bytes(4096))
        probe.unlink()
    except OSError as error:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
        raise SpaceHubError(
            f"SpaceHub cannot write to {folder}: {error.strerror or error}.",
            "Free some space, or choose another folder: SPACEHUB_HOME=/path/to/folder make demo",
        ) from error
    return folder
