"""Read the Lab's telemetry from the Hub."""

from pathlib import Path

from space_app.rollout import facts
from space_app.served import reports
from space_app.watch import Served
from spacehub.lab.telemetry.detectors import Panel
from spacehub.lab.telemetry.flights import EVENTS_FILE, TELEMETRY_FILE, read

KEY = "falcon9-telemetry"


def load(folder: Path) -> Panel:
    """Read the flights.

    Raises
    ------
    ValueError, SpaceHubError
        If a table or a number that the experiment shows does not have the published form.
    """
    reports.check_telemetry(facts.read(folder / "build.json"))
    return Panel(read(folder))


SERVED = Served(files=[TELEMETRY_FILE, EVENTS_FILE], load=load)
