"""Read the Lab's meteorites from the Hub."""

from pathlib import Path

from space_app.watch import Served
from spacehub.lab import meteorites

KEY, FILE = "meteorite-landings", "meteorites.csv"


def load(folder: Path):
    """Read the table."""
    return meteorites.read(folder / FILE)


SERVED = Served(files=[FILE], load=load)
