"""The corner experiment, which uses Shi and Tomasi's method."""

from typing import Annotated

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.imaging import brightness, figures
from space_app.lab.imaging.brightness import Places
from space_app.lab.quantities import share
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import ROCKET, OwnPicture, Picture
from space_app.parameters import Number, integer
from space_app.watch import Watch
from spacehub.lab import imaging


def lab_corners(
    watch: Watch,
    picture: Picture = ROCKET,
    file: OwnPicture = None,
    most: Annotated[int, integer(1, 1000, step=1, label="Maximum number of corners")] = 100,
    quality: Annotated[
        float, Number(0.001, 1, step=0.001, label="Weakest corner", unit="share of the strongest")
    ] = 0.05,
    apart: Annotated[
        float, Number(0, 200, step=1, label="Minimum distance between corners", unit="pixels")
    ] = 10,
) -> Places:
    """Find the corners in an image with sub-pixel precision.

    Returns
    -------
    Places
        The x and y of each corner, strongest first.
    """
    seen, corners = _find(watch, picture, file, most, quality, apart)
    source = picture_choice.source(watch, picture, file)
    return Places(**brightness.size(seen), found=corners.tolist(), source=source)


def view(watch: Watch, picture: str, file: str | None, most: int, quality: float, apart: float) -> View:
    """Mark the corners on the image."""
    seen, found = _find(watch, picture, file, most, quality, apart)
    return View(
        figures=[figures.corners(seen, found)],
        numbers={
            "Size": brightness.written(seen),
            "Corners": f"{len(found):,}",
            "Weakest corner counted": share(quality),
            "Image pixels per corner": f"{seen.size / len(found):,.0f}" if len(found) else "no corners",
        },
        answer=f"{len(found):,} corners are found"
        + (
            ". There may be more corners, because this is the largest number allowed."
            if len(found) == most
            else "."
        ),
        source=imaging.corners,
        extra=picture_choice.provenance(watch, picture, file),
    )


def _find(
    watch: Watch, picture: str, file: str | None, most: int, quality: float, apart: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the greyscale image (uint8 [h, w]), and the x and y of its corners (float [n, 2])."""
    seen = brightness.read(watch, picture, file)
    return seen, imaging.corners(seen, most=most, quality=quality, apart=apart)


BENCH = Bench(
    key="corners",
    question="How many corners can a camera track?",
    words="The image around a corner changes in every direction, so a camera can follow the corner from "
    "frame to frame. Lattice towers are full of corners, but the sky has none.",
    endpoint=lab_corners,
    view=view,
)
