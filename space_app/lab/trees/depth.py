"""Experiment: the best depth of a tree."""

from collections.abc import Sequence
from typing import Annotated, TypedDict

from space_app.lab.frame import Bench, View
from space_app.lab.launches import KEY, lead, which
from space_app.lab.provenance import Source, source
from space_app.lab.trees import figures
from space_app.lab.trees.definitions import DEEPEST, MOST_TREES, Criterion, Fewest, Numbers
from space_app.parameters import Seed, integer
from space_app.watch import Watch
from spacehub.lab.launches import Launches
from spacehub.lab.trees_launches import Errors, Samples, cross_validate, samples
from spacehub.serving.words import percent


class ErrorsByDepth(TypedDict):
    """The fraction of launches misclassified at each depth, starting at depth 0."""

    learned_from: list[float]
    tree: list[float]
    forest: list[float]
    launches: int
    source: Source


def lab_tree_depth(
    watch: Watch,
    numbers: Numbers = ("year", "mass_kg"),
    deepest: Annotated[int, integer(1, DEEPEST, step=1, label="Maximum depth")] = 12,
    trees_in_forest: Annotated[int, integer(1, MOST_TREES, step=1, label="Trees in a forest")] = 6,
    criterion: Criterion = "gini",
    fewest: Fewest = 1,
    seed: Seed = 1,
) -> ErrorsByDepth:
    """Measure the errors of trees and forests of each depth, on training launches and on held-out launches."""
    status = watch.ready(KEY)
    some, errors = _errors(status.served, numbers, deepest, trees_in_forest, criterion, fewest, seed)
    return ErrorsByDepth(
        learned_from=errors.learned.tolist(),
        tree=errors.tree.tolist(),
        forest=errors.forest.tolist(),
        launches=len(some.y),
        source=source(status),
    )


def view(
    watch: Watch,
    numbers: list[str],
    deepest: int,
    trees_in_forest: int,
    criterion: str,
    fewest: int,
    seed: int,
) -> View:
    """Show the errors against the depth."""
    status = watch.ready(KEY)
    some, errors = _errors(status.served, numbers, deepest, trees_in_forest, criterion, fewest, seed)
    best, best_forest = int(errors.tree.argmin()), int(errors.forest.argmin())
    enough, give = errors.enough(len(some.y))
    return View(
        figures=[figures.errors(errors)],
        numbers={
            "Launches": f"{len(some.y)}",
            "Tree: lowest held-out error": f"{percent(float(errors.tree[best]))} at depth {best}",
            "Forest: lowest held-out error": f"{percent(float(errors.forest[best_forest]))} at depth {best_forest}",
            "Tree at maximum depth: training error": percent(float(errors.learned[-1])),
            "Tree at maximum depth: held-out error": percent(float(errors.tree[-1])),
            "Standard error of the tree's lowest held-out error": f"{100 * give:.1f} percentage points",
        },
        answer=f"{lead(status)}By the one-standard-error rule, a depth of {enough} is enough. At this depth, the tree misclassifies "
        f"{percent(float(errors.tree[enough]))} of held-out launches. No other depth lowers the held-out error "
        f"by more than one standard error ({100 * give:.0f} percentage points). At depth {deepest}, the tree misclassifies "
        f"{percent(float(errors.learned[-1]))} of its training launches, and "
        f"{percent(float(errors.tree[-1]))} of the held-out launches.",
        source=cross_validate,
        extra=which(status),
    )


def _errors(
    launches: Launches,
    numbers: Sequence[str],
    deepest: int,
    trees: int,
    criterion: str,
    fewest: int,
    seed: int,
) -> tuple[Samples, Errors]:
    """Return the chosen features of the launches and the error at each tree depth."""
    some = samples(launches, tuple(numbers))
    options = {"criterion": criterion, "min_leaf": fewest}
    return some, cross_validate(some, deepest=deepest, trees=trees, seed=seed, **options)


BENCH = Bench(
    key="depth",
    question="How deep should a tree be?",
    words="The errors come from five-fold cross-validation. Each launch is classified once, by trees that "
    "were not trained on it. A deeper tree always memorises more of its training launches.",
    endpoint=lab_tree_depth,
    view=view,
)
