"""Ascents that are the same on every machine."""

import pytest

from spacehub.data.falcon9_telemetry import clean, simulated
from spacehub.lab.telemetry import flights
from spacehub.lab.telemetry.detectors import Panel


@pytest.fixture(scope="session")
def records():
    """The simulated ascents."""
    return flights.of_tables(*clean.clean(simulated.raw(0)))


@pytest.fixture(scope="session")
def panel(records):
    """What is judged of them, with the detectors of every fold."""
    return Panel(records)
