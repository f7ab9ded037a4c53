"""Numerics: a derivative, a matrix product and a rotation in plain Python, with their errors and run times."""

from space_app.lab.frame import Experiment
from space_app.lab.numerics import derivative, matrix_product, rotation

EXPERIMENT = Experiment(benches=[derivative.BENCH, matrix_product.BENCH, rotation.BENCH])
