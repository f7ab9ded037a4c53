"""The meteorites that the Lab reads from the Hub."""

from space_app.watch import Served
from spacehub.lab import meteorites

KEY, FILE = "meteorite-landings", "meteorites.csv"
SERVED = Served(files=[FILE], load=lambda folder: meteorites.read(folder / FILE))
