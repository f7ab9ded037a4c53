"""Orbits: how accurate integrators are, and the cheapest transfer between two circular orbits."""

from space_app.lab.frame import Experiment
from space_app.lab.orbits import hohmann, orbit

EXPERIMENT = Experiment(benches=[orbit.BENCH, hohmann.BENCH])
