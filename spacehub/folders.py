"""Create a folder for a learner to work in."""

from collections.abc import Mapping
from pathlib import Path

from spacehub.errors import SpaceHubError


def create(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files`, which maps file names to contents, to a new folder.

    Raises
    ------
    SpaceHubError
        If the folder exists or cannot be written.
    """
    try:
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except FileExistsError as error:
        raise SpaceHubError(
            f"{folder} already exists.", "Choose a folder that does not exist yet."
        ) from error
    except OSError as error:
        raise SpaceHubError(
            f"Cannot write to {folder}: {error.strerror}.", "Choose another folder."
        ) from error
