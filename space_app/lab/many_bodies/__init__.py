"""Many bodies: how the planets move the Sun, and the five Lagrange points of the Earth and the Moon."""

from space_app.lab.frame import Experiment
from space_app.lab.many_bodies import lagrange, solar_system

EXPERIMENT = Experiment(benches=[solar_system.BENCH, lagrange.BENCH])
