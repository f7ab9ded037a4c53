"""Find the model that a benchmark measures if no folder is given."""

import sys
from pathlib import Path

from spacehub.home import home


def folder(given: Path | None, key: str) -> Path:
    """Return the given artefact folder, or the newest one that was trained here.

    If there is none, print a message and exit.
    """
    chosen = given or home() / "artefacts" / key
    if (chosen / "results.json").exists():
        return chosen
    if given:
        sys.exit(f"{given} is not an artefact folder: it has no results.json.")
    print(f"Skipped: there is no model in {chosen}. Train one (`make demo`), or give the folder of a model.")
    sys.exit(0)
