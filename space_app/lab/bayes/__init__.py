"""Bayes: a signal from space or noise, look by look, and a spam filter, word by word."""

from space_app.lab.bayes import signal, spam
from space_app.lab.frame import Experiment

EXPERIMENT = Experiment(benches=[signal.BENCH, spam.BENCH])
