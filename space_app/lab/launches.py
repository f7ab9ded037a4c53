"""Read the launches from the Hub. Several Lab experiments use them as training data."""

from pathlib import Path

from space_app.lab.provenance import provenance
from space_app.watch import Served, Status
from spacehub.lab import launches as lab

KEY = "falcon9-landings"
FILE = "launches.csv"


def load(folder: Path):
    """Read the launch table."""
    return lab.read(folder / FILE)


SERVED = Served(files=[FILE], load=load)
# The labels of the numeric columns in the page's lists.
CHOICES = {name: words[0].upper() + words[1:] for name, words in lab.NUMBERS.items()}


def which(status: Status) -> str:
    """Return a note on the origin of the data, as HTML."""
    return provenance(
        status,
        simulated="These launches were generated, because the real list was not available. None of these launches "
        "happened.",
    )


def lead(status: Status) -> str:
    """Return the opening words of an answer."""
    return "Simulated: " if status.simulated else ""
