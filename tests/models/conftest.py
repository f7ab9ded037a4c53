"""The simulated launches: the same on every machine, and there without sources or network."""

import pytest

from spacehub.data import falcon9_landings
from spacehub.models.landing import make_flights


@pytest.fixture(scope="session")
def table():
    """A row per simulated launch."""
    return falcon9_landings.simulate(0)[0]


@pytest.fixture(scope="session")
def flights(table):
    """A row per simulated landing attempt, with features."""
    return make_flights(table)
