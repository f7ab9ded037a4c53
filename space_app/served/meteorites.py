"""Read the Lab's meteorites from the Hub."""

from pathlib import Path

from space_app.rollout import facts
from space_app.served import reports
from space_app.watch import Served
from spacehub.lab import meteorites

KEY, FILE = "meteorite-landings", "meteorites.csv"


def load(folder: Path) -> meteorites.Meteorites:
    """Read the table.

    Raises
    ------
    ValueError, SpaceHubError
        If the table, or the cleaning report that the experiment shows, does not have the published form.
    """
    reports.check_traps(facts.read(folder / "build.json"))
    return meteorites.read(folder / FILE)


SERVED = Served(files=[FILE], load=load)
