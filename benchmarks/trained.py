"""Where a benchmark finds the model that it measures, when no folder is named."""

import sys
from pathlib import Path

from spacehub.home import home


def folder(given: Path | None, key: str) -> Path:
    """Return the named artefact folder, else the newest that was trained here; without one, say so and end."""
    found = given or home() / "artefacts" / key
    if (found / "results.json").exists():
        return found
    if given:
        sys.exit(f"{given} is no artefact folder: it has no results.json.")
    print(f"Left out: there is no model in {found}. Train one (`make demo`), or name the folder of one.")
    sys.exit(0)
