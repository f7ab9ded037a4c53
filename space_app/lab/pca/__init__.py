"""PCA: handwritten digits in two dimensions, and a satellite image from a few principal components."""

from space_app.lab.frame import Experiment
from space_app.lab.pca import digits, picture

EXPERIMENT = Experiment(benches=[digits.BENCH, picture.BENCH])
