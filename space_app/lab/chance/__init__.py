"""Chance: dice, the law of large numbers, pi from random points, and the odds of being hit by debris."""

from space_app.lab.chance import debris, dice, large_numbers, pi
from space_app.lab.frame import Experiment

EXPERIMENT = Experiment(benches=[dice.BENCH, large_numbers.BENCH, pi.BENCH, debris.BENCH])
