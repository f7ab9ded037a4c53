"""Many bodies: the Sun pulled about by its planets, and the five places where a craft can rest by the Moon."""

from space_app.lab.frame import Experiment
from space_app.lab.many_bodies import lagrange, solar_system

EXPERIMENT = Experiment(benches=[solar_system.BENCH, lagrange.BENCH])
