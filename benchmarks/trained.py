"""Find the model to measure if the user does not give a folder."""

import sys
from pathlib import Path

from spacehub.home import home


def folder(given: Path | None, key: str) -> Path:
    """Return the given artefact folder, or the folder of the newest model trained on this machine.

    If the folder does not exist, print a message and exit.
    """
    chosen = given or home() / "artefacts" / key
    if (chosen / "results.json").exists():
        return chosen
    if given:
        sys.exit(f"{given} is not an artefact folder, because it does not contain results.json.")
    print(f"Skipped: {chosen} does not contain a model. Run `make demo`, or give the folder of a model.")
    sys.exit(0)
