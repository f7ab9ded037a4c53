"""The pixels to cluster in the Segmentation experiment, and the parameters that its questions share."""

import functools
from typing import Annotated

import numpy as np

from space_app.lab.shared import picture_choice
from space_app.parameters import Choice, integer
from space_app.watch import Watch
from spacehub.lab import segmentation as lab
from spacehub.lab.segmentation import Pixels
from spacehub.lab.segmentation_choice import Choice as Fit
from spacehub.lab.segmentation_choice import choose
from spacehub.lab.segmentation_colour import SPACES
from spacehub.lab.segmentation_kmeans import MOST_CENTRES

Regions = Annotated[int, integer(1, MOST_CENTRES, step=1, label="Regions")]
ColourSpace = Annotated[
    str,
    Choice(
        list(SPACES),
        label="Colour space",
        help="In the Lab colour space, distances approximate perceived colour differences. Chromaticity is RGB "
        "without brightness.",
    ),
]


def read(
    watch: Watch,
    picture: str,
    file: str | None,
    colour_space: str,
    seed: int,
    *,
    most: int = lab.MOST_PIXELS,
) -> Pixels:
    """Return an image's pixels for clustering. The last few results are cached."""
    pixels = picture_choice.read(watch, picture, file)
    return _pixels(pixels.tobytes(), pixels.shape, colour_space, seed, most)


def fit(watch: Watch, picture: str, file: str | None, colour_space: str) -> Fit:
    """Return how well each number of regions fits an image."""
    pixels = picture_choice.read(watch, picture, file)
    return _fit(pixels.tobytes(), pixels.shape, colour_space)


@functools.lru_cache(maxsize=8)
def _pixels(picture: bytes, shape: tuple[int, int, int], space: str, seed: int, most: int) -> Pixels:
    return lab.look(np.frombuffer(picture, np.uint8).reshape(shape), space, seed=seed, most=most)


@functools.lru_cache(maxsize=16)
def _fit(picture: bytes, shape: tuple[int, int, int], space: str) -> Fit:
    pixels = _pixels(picture, shape, space, 0, lab.MOST_PIXELS)
    return choose(pixels.points[pixels.sample])
