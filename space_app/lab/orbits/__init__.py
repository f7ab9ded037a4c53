"""Orbits: how accurately integrators follow an orbit, and the cheapest transfer from one circle to another."""

from space_app.lab.frame import Experiment
from space_app.lab.orbits import hohmann, orbit

EXPERIMENT = Experiment(benches=[orbit.BENCH, hohmann.BENCH])
