"""Size limits for the files that the app reads from a repository; a larger file is refused before it is downloaded."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from spacehub.errors import SpaceHubError

MIB = 2**20
# Limits by name, otherwise by ending: about five times our largest files, which an app reads in a few
# seconds.
BY_NAME = {
    "results.json": 2 * MIB,
    "build.json": 2 * MIB,
    "tokenizer.json": 16 * MIB,
    "predictions.csv": 2 * MIB,
}
BY_ENDING = {".onnx": 512 * MIB, ".json": 8 * MIB, ".csv": 16 * MIB}
OTHERS = 8 * MIB
MOST_FILES = 200


def require_small(files: Iterable[tuple[str, int]]) -> None:
    """Check that files, given as path and bytes, are few and small.

    Raises
    ------
    SpaceHubError
        If there are too many files, or one is too large; the error names it.
    """
    files = list(files)
    if len(files) > MOST_FILES:
        raise SpaceHubError(
            f"The repository has {len(files):,} files to read, but the limit is {MOST_FILES}.",
            "Publish fewer files.",
        )
    for name, size in files:
        limit = most(name)
        if size > limit:
            raise SpaceHubError(
                f"{name} is {size / MIB:,.0f} MiB, but the limit is {limit // MIB:,} MiB.",
                "Publish a smaller file.",
            )


def most(name: str) -> int:
    """Return the maximum size, in bytes, of the file at a path."""
    path = PurePosixPath(name)
    return BY_NAME.get(path.name) or BY_ENDING.get(path.suffix.lower(), OTHERS)
