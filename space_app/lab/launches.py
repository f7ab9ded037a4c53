"""The launches that several experiments of the Lab learn from, as the Hub has them."""

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
# What a list on the page calls each number of a launch.
CHOICES = {name: words[0].upper() + words[1:] for name, words in lab.NUMBERS.items()}


def which(status: Status) -> str:
    """Return which data is shown, as HTML."""
    return provenance(
        status,
        simulated="These launches were generated, because the real list could not be had. None of them flew.",
    )


def lead(status: Status) -> str:
    """Return what an answer begins with."""
    return "Simulated: " if status.simulated else ""
