"""Convolution: a kernel step by step, a convolved image, receptive fields, and a published network's filters."""

from space_app.lab.convolution import field, network, picture, step
from space_app.lab.frame import Experiment

EXPERIMENT = Experiment(benches=[step.BENCH, picture.BENCH, field.BENCH, network.BENCH])
