"""``SPACEHUB_PIN=titles@3f2a9c1,landing@0b7d…``: the commits to serve, even if the Hub has newer ones."""

import os
import re

from spacehub import catalogue
from spacehub.errors import SpaceHubError

VARIABLE = "SPACEHUB_PIN"
COMMIT = re.compile(r"[0-9a-f]{7,40}")


def read() -> dict[str, str]:
    """Return the pinned commit of each key, in full or abbreviated.

    Raises
    ------
    SpaceHubError
        If the variable is not a list of KEY@COMMIT.
    """
    pins = {}
    for part in filter(None, map(str.strip, os.environ.get(VARIABLE, "").split(","))):
        key, _, commit = part.partition("@")
        if not COMMIT.fullmatch(commit.lower()):
            raise SpaceHubError(
                f"{VARIABLE} contains {part[:80]!r}, which does not have the form KEY@COMMIT. COMMIT must be the first 7 to 40 hexadecimal digits of a commit hash.",
                f"Use this form, for example: {VARIABLE}=titles@3f2a9c1",
            )
        pins[catalogue.find(key).key] = commit.lower()
    return pins
