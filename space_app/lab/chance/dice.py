"""Experiment: how often the dice add up to a given total."""

import math
from typing import Annotated

import numpy as np

from space_app.lab.chance import figures
from space_app.lab.chance.drawn import WIDE, Drawn, drawn
from space_app.lab.frame import Bench, View
from space_app.lab.quantities import share
from space_app.parameters import Seed, integer
from spacehub.errors import SpaceHubError
from spacehub.lab import chance

MOST = 50


def lab_dice(
    dice: Annotated[int, integer(1, MOST, step=1, label="Dice", help="Each die has six sides.")] = 2,
    rolls: Annotated[int, integer(10, 100_000, step=10, label="Rolls")] = 10_000,
    total: Annotated[int, integer(1, 6 * MOST, label="Total", help="The total to count.")] = 7,
    seed: Seed = 1,
) -> Drawn:
    """Roll dice many times, and compare the frequency of a total with its exact probability.

    Returns
    -------
    Drawn
        The fraction of rolls with this total, its standard error, and the exact probability by enumeration.
    """
    if not dice <= total <= 6 * dice:
        raise SpaceHubError(f"{dice} dice cannot show {total}.", f"Choose a total from {dice} to {6 * dice}.")
    sums, exact = _roll(dice, rolls, seed)
    return drawn(chance.estimate(sums == total), float(exact[total - dice]))


def view(dice: int, rolls: int, seed: int) -> View:
    """Show the frequency of each total, next to its exact probability and a Gaussian."""
    sums, exact = _roll(dice, rolls, seed)
    mean, deviation = 3.5 * dice, math.sqrt(35 / 12 * dice)
    middle = int(mean)
    found = chance.estimate(sums == middle)
    totals = np.arange(dice, 6 * dice + 1)
    gap = np.abs(exact - chance.gaussian(totals, mean, deviation)).max() / exact.max()
    return View(
        figures=[figures.totals(dice, sums, exact)],
        numbers={
            "Mean, rolled": f"{sums.mean():.3f}",
            "Mean, exact": f"{mean:.3f}",
            "Standard deviation, rolled": f"{sums.std(ddof=1):.3f}",
            "Standard deviation, exact": f"{deviation:.3f}",
            f"Probability of {middle}, exact": share(float(exact[middle - dice])),
            "Gaussian's largest error": f"{100 * gap:.2g} % of the peak",
        },
        answer=f"{dice} {'die shows' if dice == 1 else 'dice show'} {middle} in {share(found.value)} ± "
        f"{share(WIDE * found.error)} of {rolls:,} rolls. The exact probability is {share(float(exact[middle - dice]))}.",
        source=chance.dice_sum,
    )


def _roll(dice: int, rolls: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rolled totals, and the exact probability of each possible total, in ascending order of the total."""
    return chance.roll(dice, rolls, seed=seed), chance.dice_sum(dice)


BENCH = Bench(
    key="dice",
    question="How often do the dice show the median total?",
    words="All faces of a die are equally likely. By the central limit theorem, the sum of only a few dice already looks Gaussian.",
    endpoint=lab_dice,
    view=view,
)
