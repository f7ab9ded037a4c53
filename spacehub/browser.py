"""Find Chromium on this machine."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")


def chromium() -> str | None:
    """Return the path of an installed Chromium, or None if there is no Chromium."""
    return next(filter(None, map(shutil.which, NAMES)), None)
