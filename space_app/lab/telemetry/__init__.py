"""Telemetry: the ascents of one rocket type, and how well detectors find faults in them."""

from space_app.lab.frame import Experiment
from space_app.lab.telemetry import page

EXPERIMENT = Experiment(benches=[page.ASCENTS, page.FAULT, page.JUDGED, page.CLEANING])
