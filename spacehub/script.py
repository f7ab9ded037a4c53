"""Handle errors in training scripts: for a user's mistake, print the fix instead of a traceback."""

import contextlib
import sys
from collections.abc import Iterator

from spacehub import progress
from spacehub.errors import SpaceHubError


@contextlib.contextmanager
def friendly(key: str) -> Iterator[None]:
    """Run the block; on a `SpaceHubError`, print the error, record it for the app, and exit with code 1."""
    try:
        yield
    except SpaceHubError as error:
        progress.failed(key, str(error))
        sys.exit(f"[{key}] {error.problem}\n[{key}] {error.fix}")
    except KeyboardInterrupt:
        sys.exit(130)
