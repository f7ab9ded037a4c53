"""Experiment: a tree and a forest grown on two features of a launch."""

from collections.abc import Sequence
from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.launches import CHOICES, KEY, lead, which
from space_app.lab.provenance import Source, source
from space_app.lab.trees import figures
from space_app.lab.trees.definitions import DEEPEST, MOST_TREES, Criterion, Fewest, Numbers
from space_app.parameters import Choice, List, Number, Seed, integer
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import trees
from spacehub.lab.launches import Launches
from spacehub.lab.trees_forest import forest_chances, grow_forest
from spacehub.lab.trees_launches import RETURNS, Samples, samples
from spacehub.serving.words import percent


class Node(TypedDict):
    """A node of the tree.

    A node has a question (empty for a leaf), child nodes for yes and no, and the number of launches of each class that
    reach it.
    """

    number: str
    threshold: float | None
    yes: int
    no: int
    counts: list[int]
    impurity: float


class GrownTree(TypedDict):
    """A decision tree trained on launches (its nodes, listed from the root), and its predictions for some values."""

    classes: list[str]
    nodes: list[Node]
    leaves: int
    wrong: float
    chances: list[list[float]]
    source: Source


def lab_tree(
    watch: Watch,
    numbers: Numbers = ("year", "mass_kg"),
    depth: Annotated[
        int,
        integer(
            1,
            DEEPEST,
            step=1,
            label="Depth",
            help="The maximum number of questions that the tree asks about a flight.",
        ),
    ] = 3,
    criterion: Criterion = "gini",
    fewest: Fewest = 1,
    values: Annotated[
        list[list[float]],
        List(
            List(Number(-1e6, 1e6, label="Value"), 1, len(CHOICES), label="Flight"),
            0,
            1000,
            label="Values",
            help="Flights to predict, each as a list of values in the order of the model's features.",
        ),
    ] = (),
) -> GrownTree:
    """Grow a decision tree that predicts how a Falcon 9 booster came back.

    Returns
    -------
    GrownTree
        The nodes, the fraction of the training launches that the tree misclassifies, and the probability of each
        class for each of the values.
    """
    if any(len(flight) != len(numbers) for flight in values):
        raise SpaceHubError(
            f"One of the flights does not have {len(numbers)} numbers.",
            f"Enter a list of {len(numbers)} numbers for each flight: {', '.join(numbers)}.",
        )
    status = watch.ready(KEY)
    some, tree = _grow(status.served, numbers, depth, criterion, fewest)
    flights = np.array(values, dtype=float).reshape(len(values), len(numbers))
    return GrownTree(
        classes=list(RETURNS),
        nodes=[_node(tree, place, some.numbers) for place in range(len(tree))],
        leaves=tree.leaves,
        wrong=_wrong([tree], some) / len(some.y),
        chances=tree.chances(flights).tolist(),
        source=source(status),
    )


def view(
    *,
    watch: Watch,
    depth: int,
    across: Annotated[str, Choice(CHOICES, listed=True, label="Horizontal axis")] = "year",
    up: Annotated[str, Choice(CHOICES, listed=True, label="Vertical axis")] = "mass_kg",
    criterion: str,
    fewest: int,
    count: Annotated[int, integer(1, MOST_TREES, step=1, label="Trees in the forest")] = 10,
    seed: Seed = 1,
) -> View:
    """Show what a tree and a forest predict over two features."""
    if across == up:
        raise SpaceHubError("Both axes show the same feature.", "Choose a different feature for one axis.")
    status = watch.ready(KEY)
    some, tree = _grow(status.served, (across, up), depth, criterion, fewest)
    options = {"classes": len(RETURNS), "criterion": criterion, "max_depth": depth, "min_leaf": fewest}
    forest = grow_forest(some.x, some.y, trees=count, seed=seed, **options)
    wrong, wrong_forest = (_wrong(each, some) for each in ([tree], forest))
    commonest = len(some.y) - np.bincount(some.y).max()
    return View(
        figures=[
            figures.surface(some, [tree], "a tree"),
            figures.drawn(tree, some.numbers),
            figures.surface(some, forest, f"a forest of {len(forest)}"),
        ],
        numbers={
            "Launches": f"{len(some.y)}",
            "Leaves": f"{tree.leaves}",
            "Depth reached": f"{tree.depth.max()}",
            "Misclassified, tree": f"{wrong} ({percent(wrong / len(some.y))})",
            "Misclassified, forest": f"{wrong_forest} ({percent(wrong_forest / len(some.y))})",
            "Misclassified, majority baseline": f"{commonest} ({percent(commonest / len(some.y))})",
        },
        answer=f"{lead(status)}A tree with {tree.leaves} leaves misclassifies {wrong} of the {len(some.y)} training "
        f"launches, and the forest misclassifies {wrong_forest}. The results for unseen launches are "
        "below.",
        source=trees.grow,
        extra=which(status) + figures.legend(some.y),
    )


def _grow(
    launches: Launches, numbers: Sequence[str], depth: int, criterion: str, fewest: int
) -> tuple[Samples, trees.Tree]:
    """Return the chosen features of the launches and the tree grown on them."""
    some = samples(launches, tuple(numbers))
    options = {"criterion": criterion, "max_depth": depth, "min_leaf": fewest}
    return some, trees.grow(some.x, some.y, classes=len(RETURNS), **options)


def _wrong(forest: Sequence[trees.Tree], some: Samples) -> int:
    return int((forest_chances(forest, some.x).argmax(axis=1) != some.y).sum())


def _node(tree: trees.Tree, place: int, numbers: Sequence[str]) -> Node:
    asks = tree.feature[place] != trees.LEAF
    return Node(
        number=numbers[tree.feature[place]] if asks else "",
        threshold=float(tree.threshold[place]) if asks else None,
        yes=int(tree.left[place]),
        no=int(tree.right[place]),
        counts=tree.counts[place].tolist(),
        impurity=float(tree.impurity[place]),
    )


BENCH = Bench(
    key="surface",
    question="How many launches does a tree with two features misclassify?",
    words="The colour shows the predicted class, and its intensity shows the confidence. The dots are the "
    "training launches. A single tree draws straight boundaries. The forest, shown below, averages many trees "
    "and smooths the boundaries.",
    endpoint=lab_tree,
    view=view,
    figures=3,
)
