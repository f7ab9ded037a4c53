"""The endpoints of the experiment PCA, and what its page shares with them."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import numpy as np
from gradio import FileData

from space_app.lab import picture_choice
from space_app.lab.provenance import Source
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab.pca import same_as_nearest
from spacehub.lab.pca_digits import digits
from spacehub.lab.pca_pictures import PATCHES, Analysed, analyse

# So many pixels a side are analysed: a slider waits for the singular values of what is larger.
LONGEST = 256
FIRST_PICTURE = "Residential"


class DigitsAnswer(TypedDict):
    """How much of the 1,797 digits their first components keep; `scores` are each digit's place along the first two.

    `told_right` is the share of digits whose nearest other one, by the kept components alone, is the same digit.
    """

    components: int
    variance_kept: float
    shares: list[float]
    told_right: float
    told_right_by_all: float
    scores: list[list[float]]
    labels: list[int]


class PictureAnswer(TypedDict):
    """A picture from its first components: `rmse` in grey levels of 255, and how many numbers that takes."""

    components: int
    most_components: int
    variance_kept: float
    rmse: float
    rmse_of_each: list[float]
    numbers_kept: int
    numbers_of_picture: int
    source: Source | None


@functools.cache
def told_right(k: int) -> float:
    """Return the share of digits whose nearest other one in k components is the same digit."""
    known = digits()
    return same_as_nearest(known.found.scores(known.rows, k), known.labels)


def whole(value: object, name: str) -> int:
    """Return a whole number that was given as such.

    Raises
    ------
    SpaceHubError
        When it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value != int(value):
        raise SpaceHubError(f"The number of {name} is no whole number.", "Give one, such as 12.")
    return int(value)


@functools.lru_cache(maxsize=16)
def _analysed(picture: bytes, shape: tuple[int, int, int], way: str) -> Analysed:
    return analyse(np.frombuffer(picture, np.uint8).reshape(shape), way)


def analysed(watch: Watch, name: str, file: str | Path | None, way: str) -> Analysed:
    """Return the components of a picture; those of the last few are kept."""
    pixels = picture_choice.read(watch, name, file, longest=LONGEST)
    return _analysed(pixels.tobytes(), pixels.shape, way)


def lab_pca_digits(components: int = 2) -> DigitsAnswer:
    """Tell what the first principal components keep of scikit-learn's handwritten digits of 8 x 8 pixels.

    Parameters
    ----------
    components : int
        How many are kept, 1 to 64.
    """
    known, k = digits(), whole(components, "components")
    known.found.scores(known.rows[:1], k)
    return DigitsAnswer(
        components=k,
        variance_kept=float(known.found.shares[:k].sum()),
        shares=known.found.shares.tolist(),
        told_right=told_right(k),
        told_right_by_all=told_right(64),
        scores=known.found.scores(known.rows, 2).tolist(),
        labels=known.labels.tolist(),
    )


def endpoints(watch: Watch) -> list[Callable]:
    """Return the endpoints over the pictures that `watch` has pulled."""

    def lab_pca_picture(
        picture: str = FIRST_PICTURE,
        components: int = 8,
        cut_into: str = PATCHES,
        file: FileData | None = None,
    ) -> PictureAnswer:
        """Compress a picture to its first principal components and tell the error that is left.

        The picture is scaled down to at most 256 pixels a side and cut into pieces, each a row of numbers.

        Parameters
        ----------
        picture : str
            A picture of space-images, such as moon, or a class of EuroSAT, such as Residential.
        components : int
            How many are kept, from 1 to the lesser of pieces and numbers a piece.
        cut_into : str
            'lines of pixels' or 'patches of 8 × 8'.
        file : FileData, optional
            A picture of one's own in place of it.
        """
        path = picture_choice.own(file)
        k, found = whole(components, "components"), analysed(watch, picture, path, cut_into)
        found.found.scores(found.rows[:1], k)
        return PictureAnswer(
            components=k,
            most_components=len(found.found.axes),
            variance_kept=float(found.found.shares[:k].sum()),
            rmse=float(found.errors[k]),
            rmse_of_each=found.errors.tolist(),
            numbers_kept=found.stored(k),
            numbers_of_picture=found.rows.size,
            source=picture_choice.origin(watch, picture, path),
        )

    return [lab_pca_digits, lab_pca_picture]
