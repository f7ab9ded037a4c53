"""Trees: the first split, a tree and a forest on two features of a launch, and the best depth of a tree."""

from space_app.lab.frame import Experiment
from space_app.lab.trees import cut, depth, surface

EXPERIMENT = Experiment(benches=[cut.BENCH, surface.BENCH, depth.BENCH])
