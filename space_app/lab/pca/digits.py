"""Experiment: reduce handwritten digits to their first principal components."""

import functools
from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.pca import figures
from space_app.lab.quantities import share
from space_app.parameters import integer
from spacehub.lab.pca import principal_components, same_as_nearest
from spacehub.lab.pca_digits import digits

DIGITS, NUMBERS, DRAWN = 1797, 64, 10


class DigitsAnswer(TypedDict):
    """The information about the 1,797 digits that the first principal components preserve.

    `scores` are each digit's coordinates along the first two components. `accuracy` is the fraction of digits
    whose nearest neighbour, by the kept components alone, shows the same digit.
    """

    components: int
    variance_kept: float
    shares: list[float]
    accuracy: float
    accuracy_with_all: float
    scores: list[list[float]]
    labels: list[int]


def lab_pca_digits(
    components: Annotated[int, integer(1, NUMBERS, step=1, label="Components kept")] = 2,
) -> DigitsAnswer:
    """Return how well the first principal components preserve scikit-learn's handwritten digits (8 × 8 pixels)."""
    known = digits()
    return DigitsAnswer(
        components=components,
        variance_kept=_kept(components),
        shares=known.found.shares.tolist(),
        accuracy=_accuracy(components),
        accuracy_with_all=_accuracy(NUMBERS),
        scores=known.found.scores(known.rows, 2).tolist(),
        labels=known.labels.tolist(),
    )


def view(
    components: int,
    right: Annotated[int, integer(1, DRAWN, step=1, label="Component on the horizontal axis")] = 1,
    up: Annotated[int, integer(1, DRAWN, step=1, label="Component on the vertical axis")] = 2,
    number: Annotated[int, integer(1, DIGITS, step=1, label="Digit to restore")] = 1,
) -> View:
    """Plot the digits along two components, the share of the variance that the kept components explain, and a restored digit."""
    known, kept = digits(), _kept(components)
    accuracy, full_accuracy = _accuracy(components), _accuracy(NUMBERS)
    return View(
        figures=[
            figures.digit_map(right - 1, up - 1),
            figures.shares(known.found.shares, components),
            figures.restored(number - 1, components, right - 1, up - 1),
        ],
        numbers={
            "Digits (8 × 8 pixels)": f"{len(known.rows):,}",
            "Numbers per digit, before": f"{NUMBERS}",
            "Numbers per digit, kept": f"{components}",
            "Variance kept": share(kept),
            "Components for 90 % of the variance": f"{int((np.cumsum(known.found.shares) < 0.9).sum()) + 1}",
            "Nearest-neighbour accuracy": share(accuracy),
            "Accuracy with all 64 components": share(full_accuracy),
        },
        answer=f"{components} of 64 components explain{'s' if components == 1 else ''} {share(kept)} of the variance. The nearest neighbour shows the same "
        f"digit for {share(accuracy)} of the images with {'this component' if components == 1 else 'these components'}, and for {share(full_accuracy)} with all "
        "64 components.",
        source=principal_components,
    )


def _kept(components: int) -> float:
    return float(digits().found.shares[:components].sum())


@functools.cache
def _accuracy(components: int) -> float:
    """Return the fraction of digits whose nearest neighbour in the first components shows the same digit."""
    known = digits()
    return same_as_nearest(known.found.scores(known.rows, components), known.labels)


BENCH = Bench(
    key="pca-digits",
    question="How much of a handwritten digit can two numbers preserve?",
    words="Principal components are the directions in which the digits' 64 pixel values vary most. Each digit is drawn at its coordinates along two of these components.",
    endpoint=lab_pca_digits,
    view=view,
    figures=3,
)
