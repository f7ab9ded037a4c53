"""Read from the Hub the launches that several experiments of the Lab use as training data."""

from pathlib import Path

from space_app.lab.provenance import provenance
from space_app.watch import Served, Status
from spacehub.lab import launches as lab

KEY = "falcon9-landings"
FILE = "launches.csv"


def load(folder: Path):
    """Read the table."""
    return lab.read(folder / FILE)


SERVED = Served(files=[FILE], load=load)
# The label of each numeric column in a list on the page.
CHOICES = {name: words[0].upper() + words[1:] for name, words in lab.NUMBERS.items()}


def which(status: Status) -> str:
    """Return a note on which data is shown, as HTML."""
    return provenance(
        status,
        simulated="These launches were generated, because the real list was not available. None of these launches "
        "happened.",
    )


def lead(status: Status) -> str:
    """Return the beginning of an answer."""
    return "Simulated: " if status.simulated else ""
