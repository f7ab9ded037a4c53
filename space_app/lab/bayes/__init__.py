"""Bayes: decide between a signal from space and noise look by look, and filter spam word by word."""

from space_app.lab.bayes import signal, spam
from space_app.lab.frame import Experiment

EXPERIMENT = Experiment(benches=[signal.BENCH, spam.BENCH])
