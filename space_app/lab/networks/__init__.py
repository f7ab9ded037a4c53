"""Neural networks: points in the plane, scikit-learn's digits, and a check of backpropagation."""

from space_app.lab.frame import Experiment
from space_app.lab.networks import page

EXPERIMENT = Experiment(benches=[page.POINTS, page.DIGITS, page.CHECK])
