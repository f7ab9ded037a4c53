"""A random forest: trees that are grown on different samples of the rows and vote."""

from collections.abc import Sequence

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.trees import MOST_DEPTH, Tree, grow

MOST_TREES = 100


def grow_forest(
    x: np.ndarray,
    y: np.ndarray,
    *,
    classes: int,
    trees: int,
    seed: int,
    criterion: str = "gini",
    max_depth: int = MOST_DEPTH,
    min_leaf: int = 1,
) -> list[Tree]:
    """Grow a random forest (Breiman, "Random forests", Machine Learning 45, 2001).

    Each tree is grown on a bootstrap sample: as many rows as the data has, drawn with replacement. Each split
    chooses among √features features, which are drawn again for each split.

    Raises
    ------
    SpaceHubError
        If there are no trees or more than 100, or an option of `grow` is invalid.
    """
    if not 1 <= trees <= MOST_TREES:
        raise SpaceHubError(
            f"The number of trees ({trees}) is out of range.",
            f"Choose a whole number from 1 to {MOST_TREES}.",
        )
    random = np.random.default_rng(seed)
    drawn = max(1, int(np.sqrt(x.shape[1])))
    options = {"classes": classes, "criterion": criterion, "max_depth": max_depth, "min_leaf": min_leaf}
    draws = [random.integers(len(x), size=len(x)) for _ in range(trees)]
    return [grow(x[rows], y[rows], drawn=drawn, random=random, **options) for rows in draws]


def forest_chances(forest: Sequence[Tree], x: np.ndarray, *, depth: int | None = None) -> np.ndarray:
    """Return the mean of the trees' class fractions, shape (n, classes)."""
    return np.mean([tree.chances(x, depth=depth) for tree in forest], axis=0)


def errors_by_depth(forest: Sequence[Tree], x: np.ndarray, y: np.ndarray, deepest: int) -> np.ndarray:
    """Return the fraction of rows that the forest misclassifies, with trees cut back to depth 0, 1 … `deepest`."""
    chances = np.mean([_by_depth(tree, x, deepest) for tree in forest], axis=0)
    return (chances.argmax(axis=-1) != y).mean(axis=-1)


def _by_depth(tree: Tree, x: np.ndarray, deepest: int) -> np.ndarray:
    shares = tree.counts / tree.counts.sum(axis=1, keepdims=True)
    return shares[tree.descend(x, deepest)]
