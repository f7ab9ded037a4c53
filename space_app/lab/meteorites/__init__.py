"""Meteorites: falls and finds, filtered, clustered and tested."""

from space_app.lab.frame import Experiment
from space_app.lab.meteorites import page

EXPERIMENT = Experiment(benches=[page.METEORITES, page.CLEANING])
