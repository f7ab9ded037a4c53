"""Segmentation: regions of similar colour, other clustering methods, and the water in a Landsat scene."""

from space_app.lab.frame import Experiment
from space_app.lab.segmentation import others, regions, water

EXPERIMENT = Experiment(benches=[regions.BENCH, others.BENCH, water.BENCH])
