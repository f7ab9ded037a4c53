"""Experiment: the first split of a tree."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.launches import CHOICES, KEY, lead, which
from space_app.lab.trees import figures
from space_app.lab.trees.definitions import Criterion, Fewest
from space_app.lab.trees.words import question
from space_app.parameters import Choice
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import trees
from spacehub.lab.launches import NUMBERS, Launches
from spacehub.lab.trees_launches import RETURNS, Samples, samples


class Cut(TypedDict):
    """A split of the launches: a feature, a threshold (values up to it go left), and the decrease in impurity."""

    number: str
    threshold: float
    gain: float


def lab_tree_cuts(watch: Watch, criterion: Criterion = "gini", fewest: Fewest = 1) -> list[Cut]:
    """Return each feature's best first split for predicting how the booster came back, starting with the best feature."""
    some, thresholds, gained = _gains(watch.ready(KEY).served, criterion, fewest)
    best_cuts = [
        (name, trees.best_split(thresholds[[place]], gained[[place]]))
        for place, name in enumerate(some.numbers)
    ]
    cuts = [Cut(number=name, threshold=cut.threshold, gain=cut.gain) for name, cut in best_cuts if cut]
    return sorted(cuts, key=lambda cut: -cut["gain"])


def view(
    *,
    watch: Watch,
    number: Annotated[str, Choice(CHOICES, listed=True, label="Feature to split on")] = "mass_kg",
    criterion: str,
    fewest: int,
) -> View:
    """Show the gain of every split on a feature and the best split on each feature."""
    status = watch.ready(KEY)
    some, thresholds, gained = _gains(status.served, criterion, fewest)
    best = trees.best_split(thresholds, gained)
    if best is None:
        raise SpaceHubError(
            f"No split leaves at least {fewest} launches on each side.",
            "Choose a smaller minimum number of launches per leaf.",
        )
    place = some.numbers.index(number)
    best_here = trees.best_split(thresholds[[place]], gained[[place]])
    whole = float(trees.impurity(np.bincount(some.y, minlength=len(RETURNS)), criterion))
    unit = " bit" if criterion == "entropy" else ""
    return View(
        figures=[
            figures.gains(thresholds[place], gained[place], number, criterion),
            figures.best_gains(some.numbers, gained.max(axis=1)),
        ],
        numbers={
            "Launches": f"{len(some.y)}",
            "Splits on this feature": f"{(gained[place] > -np.inf).sum()}",
            "Impurity before the split": f"{whole:.4f}{unit}",
            "Best split on this feature": question(number, best_here.threshold) if best_here else "none",
            "Gain of the best split": f"{best_here.gain:.4f}{unit}" if best_here else "nothing",
        },
        answer=f"{lead(status)}“{question(some.numbers[best.feature], best.threshold)}?” This split lowers "
        f"the impurity from {whole:.3f} to {whole - best.gain:.3f}{unit}.",
        source=trees.gains,
        extra=which(status) + figures.legend(some.y),
    )


def _gains(launches: Launches, criterion: str, fewest: int) -> tuple[Samples, np.ndarray, np.ndarray]:
    """Return the launches with all their features, and the thresholds and gains of all splits, keyed by feature."""
    some = samples(launches, tuple(NUMBERS))
    return some, *trees.gains(some.x, some.y, classes=len(RETURNS), criterion=criterion, min_leaf=fewest)


BENCH = Bench(
    key="cut",
    question="Which single question best predicts how a booster came back?",
    words="The four classes are drone ship, launch site, water, and no landing attempt. The tree tries every possible threshold of each feature, and chooses the split that lowers the impurity the most.",
    endpoint=lab_tree_cuts,
    view=view,
    figures=2,
)
