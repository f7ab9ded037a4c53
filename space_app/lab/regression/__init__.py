"""Regression: learning Hubble's line, the rate at which learning diverges, over-fitting, real launches."""

from space_app.lab.frame import Experiment
from space_app.lab.regression import logistic, nebulae, overfit, payload, rate

EXPERIMENT = Experiment(
    benches=[nebulae.BENCH, rate.BENCH, overfit.BENCH, logistic.BENCH, payload.BENCH],
)
