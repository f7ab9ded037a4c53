"""Experiment: colour channels, and how strongly they are correlated."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.imaging import brightness, figures
from space_app.lab.provenance import Source
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import ROCKET, OwnPicture, Picture
from space_app.parameters import Choice
from space_app.watch import Watch
from spacehub.lab import imaging_channels as lab
from spacehub.lab.segmentation_colour import LAB


class Channels(TypedDict):
    """The correlations between the three channels and the mean of their absolute values."""

    space: str
    channels: tuple[str, ...]
    means: list[float]
    correlations: list[list[float]]
    overlap: float
    source: Source | None


def lab_channels(
    watch: Watch,
    picture: Picture = ROCKET,
    file: OwnPicture = None,
    space: Annotated[str, Choice(list(lab.SPACES), label="Colour space")] = LAB,
) -> Channels:
    """Measure how strongly the three channels of an image are correlated, in RGB or in CIELAB.

    Returns
    -------
    Channels
        The channels' means, their correlations, and the mean of the absolute correlations.
    """
    values = _values(watch, picture, file, space)
    return Channels(
        space=space,
        channels=lab.SPACES[space],
        means=values.mean(axis=(0, 1)).tolist(),
        correlations=lab.correlations(values).tolist(),
        overlap=lab.overlap(values),
        source=picture_choice.source(watch, picture, file),
    )


def view(watch: Watch, picture: str, file: str | None, space: str) -> View:
    """Show the channels as greyscale images and the distribution of their values."""
    values = _values(watch, picture, file, space)
    table, names = lab.correlations(values), lab.SPACES[space]
    pairs = {
        f"{names[first].split(',')[0]} and {names[other].split(',')[0]}": f"{table[first, other]:+.3f}"
        for first, other in ((0, 1), (0, 2), (1, 2))
    }
    means = zip(names, values.mean(axis=(0, 1)), strict=True)
    return View(
        figures=[figures.channels(values, space), figures.spreads(values, space)],
        numbers={f"Correlation of {pair}": value for pair, value in pairs.items()}
        | {f"Mean of {name}": f"{value:.1f}" for name, value in means},
        answer=f"In {space}, the absolute correlation between two channels is {lab.overlap(values):.2f} on average. "
        "An absolute correlation of 1 means that the two channels contain identical information.",
        source=lab.overlap,
        extra=picture_choice.provenance(watch, picture, file),
    )


def _values(watch: Watch, picture: str, file: str | None, space: str) -> np.ndarray:
    """Return the channels of an image, float [h, w, 3]."""
    return lab.channels(picture_choice.read(watch, picture, file, longest=brightness.LONGEST), space)


BENCH = Bench(
    key="channels",
    question="How much more information do three channels contain than one?",
    words="The red, green and blue channels mostly contain the same information, the brightness. CIELAB separates the "
    "lightness and leaves two channels for colour alone. Distances between CIELAB colours approximate "
    "the differences that people see.",
    endpoint=lab_channels,
    view=view,
    figures=2,
)
