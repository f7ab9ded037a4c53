"""A decision tree from scratch: split repeatedly where the two sides become purest.

Breiman, Friedman, Olshen & Stone, *Classification and Regression Trees* (1984).
"""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError

CRITERIA = ("gini", "entropy")
MOST_DEPTH = 30
LEAF = -1
# Two splits whose gains differ by less are equally good.
TIE = 1e-12


@dataclass(frozen=True, kw_only=True)
class Split:
    """A split: rows with ``x[feature] <= threshold`` go left. `gain` is the decrease in impurity."""

    feature: int
    threshold: float
    gain: float


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A grown tree, with one entry per node, parents before children and left before right.

    Parameters
    ----------
    feature : array of int, (nodes,)
        The feature that a node splits on, or `LEAF`.
    threshold : array of float, (nodes,)
        Rows with at most this value go left.
    left, right : array of int, (nodes,)
        The indices of a node's children, or `LEAF`.
    counts : array of int, (nodes, classes)
        The training rows of each class that reached the node.
    impurity : array of float, (nodes,)
    depth : array of int, (nodes,)
        0 at the root.
    """

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    counts: np.ndarray
    impurity: np.ndarray
    depth: np.ndarray

    def __len__(self) -> int:
        return len(self.feature)

    @property
    def leaves(self) -> int:
        """The number of leaves."""
        return int((self.feature == LEAF).sum())

    def descend(self, x: np.ndarray, levels: int) -> np.ndarray:
        """Return the node that each row reaches after 0, 1 … `levels` splits, shape (levels + 1, n)."""
        nodes, rows = np.zeros((levels + 1, len(x)), dtype=int), np.arange(len(x))
        for level in range(levels):
            here = nodes[level]
            split_on = self.feature[here]
            below = np.where(x[rows, split_on] <= self.threshold[here], self.left[here], self.right[here])
            nodes[level + 1] = np.where(split_on == LEAF, here, below)
        return nodes

    def chances(self, x: np.ndarray, *, depth: int | None = None) -> np.ndarray:
        """Return the class fractions in each row's leaf, shape (n, classes).

        With `depth`, return them as if the tree had been grown only that deep.
        """
        deepest = int(self.depth.max())
        ends = self.descend(x, deepest if depth is None else min(depth, deepest))[-1]
        return self.counts[ends] / self.counts[ends].sum(axis=1, keepdims=True)


def impurity(counts: np.ndarray, criterion: str) -> np.ndarray:
    """Return the impurity of class counts; counts of shape (..., classes) give an array of shape (...).

    Gini: the probability that two rows drawn with replacement differ, ``1 - Σp²``. Entropy: ``-Σ p·log2 p``, in bits
    (Shannon 1948).

    Raises
    ------
    SpaceHubError
        If there is no such criterion.
    """
    if criterion not in CRITERIA:
        raise SpaceHubError(f"Unknown criterion: {criterion!r}.", f"Choose one of: {', '.join(CRITERIA)}.")
    shares = counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1)
    if criterion == "gini":
        return 1 - np.einsum("...c,...c", shares, shares)
    return -(shares * np.log2(np.where(shares > 0, shares, 1))).sum(axis=-1)


def gains(
    x: np.ndarray, y: np.ndarray, *, classes: int, criterion: str = "gini", min_leaf: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gain of every possible split.

    A threshold is halfway between two neighbouring values of a feature. Its gain is the impurity before the split
    minus the mean impurity of the two sides, weighted by their proportions of the rows.

    Parameters
    ----------
    x : array, (n, features)
    y : array of int, (n,)
        Classes from 0.

    Returns
    -------
    thresholds, gains : array, (features, n - 1)
        Ascending thresholds; the gain is -inf if two values are equal or a side would have fewer than `min_leaf` rows.
    """
    n, columns = len(x), x.T
    order, values = columns.argsort(axis=1, kind="stable"), np.sort(columns, axis=1)
    left = np.eye(classes, dtype=int)[y[order]].cumsum(axis=1)
    whole, left = left[0, -1], left[:, :-1]
    sizes = np.array([np.arange(1, n), np.arange(n - 1, 0, -1)])[:, None]
    mixed = (sizes / n * impurity(np.array([left, whole - left]), criterion)).sum(axis=0)
    low, high = values[:, :-1], values[:, 1:]
    halfway = low / 2 + high / 2
    possible = (low < high) & (sizes.min(axis=0) >= min_leaf)
    # The midpoint of two adjacent floats may be the upper one.
    thresholds = np.where(halfway < high, halfway, low)
    return thresholds, np.where(possible, impurity(whole, criterion) - mixed, -np.inf)


def best_split(thresholds: np.ndarray, gained: np.ndarray) -> Split | None:
    """Return the best of the splits in `gains`, or None if none is possible.

    Among equal gains, the first feature wins and, within it, the lowest threshold.
    """
    most = gained.max(initial=-np.inf)
    if most == -np.inf:
        return None
    feature, place = divmod(int((gained >= most - TIE).argmax()), gained.shape[1])
    return Split(
        feature=feature, threshold=float(thresholds[feature, place]), gain=float(gained[feature, place])
    )


def grow(
    x: np.ndarray,
    y: np.ndarray,
    *,
    classes: int,
    criterion: str = "gini",
    max_depth: int = MOST_DEPTH,
    min_leaf: int = 1,
    drawn: int | None = None,
    random: np.random.Generator | None = None,
) -> Tree:
    """Grow a tree until its leaves are pure, too small to split, or `max_depth` deep.

    Parameters
    ----------
    x : array, (n, features)
    y : array of int, (n,)
        Classes from 0.
    min_leaf : int
        The smallest number of rows in a leaf.
    drawn : int, optional
        How many random features each split may choose from; None means all.

    Raises
    ------
    SpaceHubError
        If there are no rows, or an option is invalid.
    """
    if not len(x):
        raise SpaceHubError("Cannot grow a tree without any rows.", "Enter at least one row.")
    if not 0 <= max_depth <= MOST_DEPTH:
        raise SpaceHubError(
            f"The depth ({max_depth}) is out of range.", f"Choose a depth from 0 to {MOST_DEPTH}."
        )
    if min_leaf < 1:
        raise SpaceHubError(
            f"The minimum number of rows per leaf ({min_leaf}) is out of range.", "Choose 1 or more."
        )
    nodes: list[list] = []

    def add(rows: np.ndarray, depth: int) -> int:
        """Add a node for some rows, and everything below it; return its index."""
        place, counts = len(nodes), np.bincount(y[rows], minlength=classes)
        nodes.append([LEAF, np.nan, LEAF, LEAF, counts, depth])
        if depth == max_depth or counts.max() == len(rows):
            return place
        thresholds, gained = gains(x[rows], y[rows], classes=classes, criterion=criterion, min_leaf=min_leaf)
        if drawn is not None:
            gained[_not_drawn(gained, drawn, random)] = -np.inf
        if split := best_split(thresholds, gained):
            goes_left = x[rows, split.feature] <= split.threshold
            nodes[place][:2] = split.feature, split.threshold
            nodes[place][2] = add(rows[goes_left], depth + 1)
            nodes[place][3] = add(rows[~goes_left], depth + 1)
        return place

    add(np.arange(len(x)), 0)
    feature, threshold, left, right, counts, depth = (np.array(column) for column in zip(*nodes, strict=True))
    return Tree(
        feature=feature,
        threshold=threshold,
        left=left,
        right=right,
        counts=counts,
        impurity=impurity(counts, criterion),
        depth=depth,
    )


def _not_drawn(gained: np.ndarray, drawn: int, random: np.random.Generator) -> np.ndarray:
    """Return the features that a split may not use: all that allow a split, except `drawn` random ones."""
    possible = np.flatnonzero(gained.max(axis=1, initial=-np.inf) > -np.inf)
    return random.permutation(possible)[drawn:]
