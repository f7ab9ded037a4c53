"""Segmentation: a picture's regions of like colour, other ways to find them, and the water on a Landsat scene."""

from space_app.lab.frame import Experiment
from space_app.lab.segmentation import others, regions, water

EXPERIMENT = Experiment(benches=[regions.BENCH, others.BENCH, water.BENCH])
