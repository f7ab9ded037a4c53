"""Trees: the first cut, a tree and a forest on two numbers of a launch, and how deep a tree should be."""

from space_app.lab.frame import Experiment
from space_app.lab.trees import cut, depth, surface

EXPERIMENT = Experiment(benches=[cut.BENCH, surface.BENCH, depth.BENCH])
