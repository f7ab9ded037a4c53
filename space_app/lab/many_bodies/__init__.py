"""Many bodies: how planets move the Sun, and the five points near the Moon where a craft can rest."""

from space_app.lab.frame import Experiment
from space_app.lab.many_bodies import lagrange, solar_system

EXPERIMENT = Experiment(benches=[solar_system.BENCH, lagrange.BENCH])
