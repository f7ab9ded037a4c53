"""The trees' task on the launches: predict how the booster returned from features of the launch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.launches import Launches
from spacehub.lab.trees import MOST_DEPTH, grow
from spacehub.lab.trees_forest import errors_by_depth, grow_forest

# How a booster returned, as in the dataset's column `landing_type`.
RETURNS = {
    "drone ship": ("ASDS",),
    "launch site": ("RTLS",),
    "water": ("Ocean", "Parachute"),
    "none tried": ("",),
}


@dataclass(frozen=True, kw_only=True)
class Samples:
    """Launches as input for a tree.

    Parameters
    ----------
    launches : Launches
        Launches for which every number is known.
    numbers : sequence of str
    x : array, (n, numbers)
    y : array of int, (n,)
        Index in `RETURNS`.
    """

    launches: Launches
    numbers: Sequence[str]
    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Errors:
    """Error rates at depth 0, 1 …: of a tree on its training launches, and of tree and forest on held-out launches."""

    learned: np.ndarray
    tree: np.ndarray
    forest: np.ndarray

    def enough(self, launches: int) -> tuple[int, float]:
        """Return the smallest depth whose tree is within one standard error of the best tree, and this standard error.

        The one-standard-error rule is from Breiman et al. (1984), section 3.4.3.
        """
        best = float(self.tree.min())
        error = float(np.sqrt(best * (1 - best) / launches))
        return int((self.tree <= best + error).argmax()), error


def samples(launches: Launches, numbers: Sequence[str]) -> Samples:
    """Return the launches as samples: how the boosters returned, and the `numbers` to predict this from.

    Raises
    ------
    SpaceHubError
        If no number is given, a number is given twice or is unknown, or no launch has all numbers and a known
        return.
    """
    if not numbers or len(set(numbers)) < len(numbers):
        raise SpaceHubError(
            "A tree needs at least one feature to split on.",
            "Choose one or more features of the launch, and choose each feature only once.",
        )
    x = np.column_stack([launches.number(name) for name in numbers])
    y = np.select(
        [np.isin(launches.landing_type, types) for types in RETURNS.values()], range(len(RETURNS)), -1
    )
    kept = np.isfinite(x).all(axis=1) & (y >= 0)
    if not kept.any():
        raise SpaceHubError("No launch has values for all of these features.", "Choose other features.")
    return Samples(launches=launches[kept], numbers=tuple(numbers), x=x[kept], y=y[kept])


def cross_validate(
    some: Samples,
    *,
    deepest: int,
    trees: int,
    seed: int,
    criterion: str = "gini",
    min_leaf: int = 1,
    folds: int = 5,
) -> Errors:
    """Measure the error rates of trees and forests of each depth by cross-validation.

    A tree is fully grown and then cut back, which gives the same tree as growing it only to that depth.

    Raises
    ------
    SpaceHubError
        If there are fewer launches than folds, or an option is invalid.
    """
    if len(some.y) < folds or not 1 <= deepest <= MOST_DEPTH:
        raise SpaceHubError(
            f"Cannot evaluate trees of depth {deepest} on {len(some.y)} launches in {folds} folds.",
            f"Choose a depth from 1 to {MOST_DEPTH}, and features with values for at least {folds} launches.",
        )
    fold = np.random.default_rng(seed).permutation(len(some.y)) % folds
    options = {
        "classes": len(RETURNS),
        "criterion": criterion,
        "min_leaf": min_leaf,
        "max_depth": deepest,
    }
    totals = np.zeros((3, deepest + 1))
    for out in range(folds):
        left, kept = fold == out, fold != out
        tree = grow(some.x[kept], some.y[kept], **options)
        forest = grow_forest(some.x[kept], some.y[kept], trees=trees, seed=seed + out, **options)
        totals += [
            kept.sum() / (folds - 1) * errors_by_depth([tree], some.x[kept], some.y[kept], deepest),
            left.sum() * errors_by_depth([tree], some.x[left], some.y[left], deepest),
            left.sum() * errors_by_depth(forest, some.x[left], some.y[left], deepest),
        ]
    return Errors(learned=totals[0] / len(fold), tree=totals[1] / len(fold), forest=totals[2] / len(fold))
