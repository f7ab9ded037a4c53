"""Exploration: the regret of three bandit strategies and Q-learning on the frozen lake."""

from space_app.lab.exploration import page
from space_app.lab.frame import Experiment

EXPERIMENT = Experiment(benches=[page.BANDIT, page.LAKE])
