"""The endpoints of the experiment Trees."""

from collections.abc import Callable, Sequence
from typing import TypedDict

import numpy as np

from space_app.lab.launches import KEY
from space_app.lab.provenance import Source, source
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import trees
from spacehub.lab.launches import NUMBERS
from spacehub.lab.trees_launches import RETURNS, cross_validate, samples


class Cut(TypedDict):
    """A cut of the launches: a number, how much of it goes left at most, and by how much the impurity falls."""

    number: str
    threshold: float
    gain: float


class Node(TypedDict):
    """A node: what it asks, empty for a leaf; where yes and no lead; and the launches that came to it by class."""

    number: str
    threshold: float | None
    yes: int
    no: int
    counts: list[int]
    impurity: float


class GrownTree(TypedDict):
    """A tree of launches, the root first, and what it says of the values asked for."""

    classes: list[str]
    nodes: list[Node]
    leaves: int
    wrong: float
    chances: list[list[float]]
    source: Source


class ErrorsByDepth(TypedDict):
    """Shares told wrong at depth 0, 1 and so on."""

    learned_from: list[float]
    tree: list[float]
    forest: list[float]
    launches: int
    source: Source


def endpoints(watch: Watch) -> Sequence[Callable]:
    """Return the endpoints over the newest launches that `watch` has pulled."""

    def lab_tree_cuts(criterion: str = "gini", fewest: int = 1) -> list[Cut]:
        """Tell for each number of a launch the best first cut, to tell how the booster came back; the best first.

        Parameters
        ----------
        criterion : str
            What a cut is to lower: gini or entropy.
        fewest : int
            The fewest launches on a side.
        """
        some = samples(watch.ready(KEY).served, tuple(NUMBERS))
        options = {"classes": len(RETURNS), "criterion": criterion, "min_leaf": fewest}
        found = [
            (name, trees.best_split(*trees.gains(some.x[:, [place]], some.y, **options)))
            for place, name in enumerate(some.numbers)
        ]
        cuts = [Cut(number=name, threshold=cut.threshold, gain=cut.gain) for name, cut in found if cut]
        return sorted(cuts, key=lambda cut: -cut["gain"])

    def lab_tree(
        numbers: list[str] | None = None,
        depth: int = 3,
        criterion: str = "gini",
        fewest: int = 1,
        values: list[list[float]] | None = None,
    ) -> GrownTree:
        """Grow a decision tree that tells how a Falcon 9 booster came back.

        Parameters
        ----------
        numbers : list of str, optional
            What it may ask for: year, mass_kg, booster_flight, block; none for the first two.
        depth : int
            How many questions it asks at most, up to 30.
        criterion : str
            What a cut is to lower: gini or entropy.
        fewest : int
            The fewest launches in a leaf.
        values : list of list of float, optional
            Flights to tell, each as the numbers in their order.

        Returns
        -------
        GrownTree
            Its nodes, the share of launches that it tells wrong of those it learned from, and the chance of each
            class for each of the values.
        """
        status = watch.ready(KEY)
        some = samples(status.served, tuple(numbers or ("year", "mass_kg")))
        tree = trees.grow(
            some.x, some.y, classes=len(RETURNS), criterion=criterion, max_depth=depth, min_leaf=fewest
        )
        asked = _flights(values or [], len(some.numbers))
        return GrownTree(
            classes=list(RETURNS),
            nodes=[_node(tree, place, some.numbers) for place in range(len(tree))],
            leaves=tree.leaves,
            wrong=float((tree.chances(some.x).argmax(axis=1) != some.y).mean()),
            chances=tree.chances(asked).tolist(),
            source=source(status),
        )

    def lab_tree_depth(
        numbers: list[str] | None = None,
        deepest: int = 12,
        trees_in_forest: int = 8,
        criterion: str = "gini",
        fewest: int = 1,
        seed: int = 1,
    ) -> ErrorsByDepth:
        """Tell how often trees and forests of each depth are wrong, on what they learned from and on launches left out.

        Parameters
        ----------
        numbers : list of str, optional
            What they may ask for: year, mass_kg, booster_flight, block; none for the first two.
        deepest : int
            The deepest tree, from 1 to 30.
        trees_in_forest : int
            How many, from 1 to 100.
        criterion : str
            What a cut is to lower: gini or entropy.
        fewest : int
            The fewest launches in a leaf.
        seed : int
            Another seed makes other folds and forests.
        """
        status = watch.ready(KEY)
        some = samples(status.served, tuple(numbers or ("year", "mass_kg")))
        found = cross_validate(
            some,
            deepest=deepest,
            trees=trees_in_forest,
            seed=seed,
            criterion=criterion,
            min_leaf=fewest,
        )
        return ErrorsByDepth(
            learned_from=found.learned.tolist(),
            tree=found.tree.tolist(),
            forest=found.forest.tolist(),
            launches=len(some.y),
            source=source(status),
        )

    return [lab_tree_cuts, lab_tree, lab_tree_depth]


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


def _flights(values: list[list[float]], wide: int) -> np.ndarray:
    try:
        flights = np.array(values, dtype=float).reshape(len(values), wide)
    except (TypeError, ValueError) as error:
        raise SpaceHubError(
            "The values are no list of flights.", f"Give each flight as a list of {wide} numbers."
        ) from error
    if not np.isfinite(flights).all():
        raise SpaceHubError("A flight has a value that is no number.", "Leave such flights out.")
    return flights
