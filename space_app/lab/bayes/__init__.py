"""Bayes: distinguish a signal from noise one observation at a time, and filter spam one word at a time."""

from space_app.lab.bayes import signal, spam
from space_app.lab.frame import Experiment

EXPERIMENT = Experiment(benches=[signal.BENCH, spam.BENCH])
