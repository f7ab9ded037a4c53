"""Experiment: compress an image to its first principal components."""

import functools
from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.pca import figures
from space_app.lab.provenance import Source
from space_app.lab.quantities import share
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import OwnPicture, Picture
from space_app.lab.shared.picture_figures import pictures
from space_app.parameters import Choice, integer
from space_app.watch import Watch
from spacehub.lab.pca import principal_components
from spacehub.lab.pca_pictures import LINES, PATCHES, WAYS, WHITE, Analysed, analyse

# The maximum number of pixels per side; for larger images, the SVD would slow down the slider.
LONGEST = 256


class PictureAnswer(TypedDict):
    """An image restored from its first components; `rmse` is in grey levels (0 to 255)."""

    components: int
    most_components: int
    variance_kept: float
    rmse: float
    rmse_of_each: list[float]
    numbers_kept: int
    numbers_of_picture: int
    source: Source | None


def lab_pca_picture(
    watch: Watch,
    picture: Picture = "Residential",
    components: Annotated[
        int,
        integer(
            1,
            LONGEST,
            step=1,
            label="Components kept",
            help="The maximum is the smaller of two numbers: the number of patches (or lines), and the number of values in each.",
        ),
    ] = 8,
    cut_into: Annotated[str, Choice(list(WAYS), label="Cut the image into")] = PATCHES,
    file: OwnPicture = None,
) -> PictureAnswer:
    """Compress an image to its first principal components, and return the remaining error.

    The image is scaled down to at most 256 pixels per side and cut into patches or lines of pixels. Each patch or
    line is a row of the data matrix.
    """
    compressed = _analyse(watch, picture, file, components, cut_into)
    return PictureAnswer(
        components=components,
        most_components=len(compressed.found.axes),
        variance_kept=_kept(compressed, components),
        rmse=float(compressed.errors[components]),
        rmse_of_each=compressed.errors.tolist(),
        numbers_kept=compressed.stored(components),
        numbers_of_picture=compressed.rows.size,
        source=picture_choice.source(watch, picture, file),
    )


def view(watch: Watch, picture: str, file: str | None, components: int, cut_into: str) -> View:
    """Show the image restored from its components, the remaining error, and the components."""
    found = _analyse(watch, picture, file, components, cut_into)
    other = _analyse(watch, picture, file, 1, LINES if cut_into == PATCHES else PATCHES)
    error, before, stored = float(found.errors[components]), found.rows.size, found.stored(components)
    whole = found.compressed(len(found.found.axes))
    kind = "Patches" if cut_into == PATCHES else "Lines"
    return View(
        figures=[
            pictures(("the image", whole), (f"from {components} components", found.compressed(components))),
            figures.errors(found, other, components),
            figures.axes(found),
        ],
        numbers={
            "Image": f"{found.shape[1]} × {found.shape[0]} pixels",
            kind: f"{len(found.rows):,}, with {found.rows.shape[1]:,} numbers each",
            "Total components": f"{len(found.found.axes):,}",
            "Variance kept": share(_kept(found, components)),
            "Error, root mean square": f"{error:.2f} of 255",
            "Peak signal-to-noise ratio": f"{20 * np.log10(WHITE / error):.1f} dB"
            if error > 1e-6
            else "no error",
            "Numbers kept": f"{stored:,} of {before:,}",
        },
        answer=f"With {components} component{'' if components == 1 else 's'}, the root-mean-square error is {error:.2f} grey levels (of 255). The compressed "
        f"image stores {share(stored / before)} as many numbers as the original image"
        f"{', so it saves no space' if stored >= before else ''}.",
        source=principal_components,
        extra=picture_choice.provenance(watch, picture, file),
    )


def _analyse(watch: Watch, picture: str, file: str | None, components: int, cut_into: str) -> Analysed:
    """Return the components of an image, after checking that there are enough components. The last few results are cached."""
    pixels = picture_choice.read(watch, picture, file, longest=LONGEST)
    compressed = _analysed(pixels.tobytes(), pixels.shape, cut_into)
    compressed.found.scores(compressed.rows[:1], components)
    return compressed


@functools.lru_cache(maxsize=16)
def _analysed(picture: bytes, shape: tuple[int, int, int], way: str) -> Analysed:
    return analyse(np.frombuffer(picture, np.uint8).reshape(shape), way)


def _kept(compressed: Analysed, components: int) -> float:
    return float(compressed.found.shares[:components].sum())


BENCH = Bench(
    key="pca-picture",
    question="How many numbers are needed to store a satellite image?",
    words="The image is cut into patches or lines of pixels, and each of them is reconstructed from the first "
    "principal components. The figure below shows the first few components as images.",
    endpoint=lab_pca_picture,
    view=view,
    figures=3,
)
