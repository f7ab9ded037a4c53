"""Chance: dice, the law of large numbers, π from random points, and the risk of a collision with debris."""

from space_app.lab.chance import debris, dice, large_numbers, pi
from space_app.lab.frame import Experiment

EXPERIMENT = Experiment(benches=[dice.BENCH, large_numbers.BENCH, pi.BENCH, debris.BENCH])
