"""Folders for files that the app sends."""

import os
import tempfile
from pathlib import Path


def scratch() -> Path:
    """Return a new folder for a file to send; the server may send from it and later deletes it."""
    return Path(tempfile.mkdtemp(dir=os.environ.get("GRADIO_TEMP_DIR")))
