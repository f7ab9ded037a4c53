"""The experiment on the first cut."""

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
    """A cut of the launches: a number, its threshold (the left side is at most that), and the fall of the impurity."""

    number: str
    threshold: float
    gain: float


def lab_tree_cuts(watch: Watch, criterion: Criterion = "gini", fewest: Fewest = 1) -> list[Cut]:
    """Return the best first cut of each number of a launch to predict how the booster came back; the best first."""
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
    number: Annotated[str, Choice(CHOICES, listed=True, label="Number to cut")] = "mass_kg",
    criterion: str,
    fewest: int,
) -> View:
    """Show what every cut of a number gains, and the best cut of each number."""
    status = watch.ready(KEY)
    some, thresholds, gained = _gains(status.served, criterion, fewest)
    best = trees.best_split(thresholds, gained)
    if best is None:
        raise SpaceHubError(f"No cut leaves {fewest} launches on both sides.", "Choose a smaller number.")
    place = some.numbers.index(number)
    own = trees.best_split(thresholds[[place]], gained[[place]])
    whole = float(trees.impurity(np.bincount(some.y, minlength=len(RETURNS)), criterion))
    unit = " bit" if criterion == "entropy" else ""
    return View(
        figures=[
            figures.gains(thresholds[place], gained[place], number, criterion),
            figures.best_gains(some.numbers, gained.max(axis=1)),
        ],
        numbers={
            "Launches": f"{len(some.y)}",
            "Cuts of this number": f"{(gained[place] > -np.inf).sum()}",
            "Impurity of all": f"{whole:.4f}{unit}",
            "Best cut of this number": question(number, own.threshold) if own else "none",
            "It gains": f"{own.gain:.4f}{unit}" if own else "nothing",
        },
        answer=f"{lead(status)}“{question(some.numbers[best.feature], best.threshold)}?” This cut lowers "
        f"the impurity from {whole:.3f} to {whole - best.gain:.3f}{unit}.",
        source=trees.gains,
        extra=which(status) + figures.legend(some.y),
    )


def _gains(launches: Launches, criterion: str, fewest: int) -> tuple[Samples, np.ndarray, np.ndarray]:
    """Return the launches with all their numbers, and the thresholds and gains of all cuts, by number."""
    some = samples(launches, tuple(NUMBERS))
    return some, *trees.gains(some.x, some.y, classes=len(RETURNS), criterion=criterion, min_leaf=fewest)


BENCH = Bench(
    key="cut",
    question="Which single question best predicts how a booster came back?",
    words="Drone ship, launch site, water, or no landing attempt: the tree chooses the question that "
    "leaves these four classes least mixed. It tries every possible threshold of a number.",
    endpoint=lab_tree_cuts,
    view=view,
    figures=2,
)
