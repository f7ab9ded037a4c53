"""Regression: Hubble's line, the learning rate at which training diverges, overfitting, and real launches."""

from space_app.lab.frame import Experiment
from space_app.lab.regression import logistic, nebulae, overfit, payload, rate

EXPERIMENT = Experiment(
    benches=[nebulae.BENCH, rate.BENCH, overfit.BENCH, logistic.BENCH, payload.BENCH],
)
