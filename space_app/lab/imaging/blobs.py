"""The blob experiment, which finds blobs in scale space."""

from typing import Annotated

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.imaging import brightness, figures
from space_app.lab.imaging.brightness import Places
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import PLAIN, OwnPicture, Picture
from space_app.parameters import Flag, Number
from space_app.watch import Watch
from spacehub.lab import imaging


def lab_blobs(
    watch: Watch,
    picture: Picture = PLAIN,
    file: OwnPicture = None,
    smallest: Annotated[float, Number(0.5, 60, step=0.5, label="Smallest radius", unit="pixels")] = 3,
    largest: Annotated[float, Number(0.5, 60, step=0.5, label="Largest radius", unit="pixels")] = 24,
    contrast: Annotated[float, Number(0.5, 255, step=0.5, label="Minimum contrast", unit="grey levels")] = 12,
    dark: Annotated[bool, Flag(label="Find dark blobs instead of bright ones")] = False,
) -> Places:
    """Find the blobs (round spots) in an image, in scale space.

    Returns
    -------
    Places
        At most 500 blobs, strongest first: x, y, radius and contrast.
    """
    seen, spots = _find(watch, picture, file, smallest, largest, contrast, dark)
    source = picture_choice.source(watch, picture, file)
    return Places(**brightness.size(seen), found=spots.tolist(), source=source)


def view(
    watch: Watch,
    picture: str,
    file: str | None,
    dark: bool,
    smallest: float,
    largest: float,
    contrast: float,
) -> View:
    """Draw the blobs as circles, and plot the number of blobs of each radius."""
    seen, spots = _find(watch, picture, file, smallest, largest, contrast, dark)
    kind = "dark" if dark else "bright"
    numbers = {"Size": brightness.written(seen), "Blobs": f"{len(spots):,}"}
    answer = f"0 {kind} blobs have a contrast of {contrast:g} grey levels or more."
    if len(spots):
        middle = sorted(spots[:, 2])[len(spots) // 2]
        numbers |= {
            "Median radius": f"{middle:.1f} pixels",
            "Largest": f"{spots[:, 2].max():.1f} pixels",
            "Strongest contrast": f"{spots[0, 3]:.0f} grey levels",
        }
        found = f"{kind} blob is" if len(spots) == 1 else f"{kind} blobs are"
        answer = f"{len(spots):,} {found} found, with a median radius of {middle:.1f} pixels."
    return View(
        figures=[figures.blobs(seen, spots), figures.radii(spots)],
        numbers=numbers,
        answer=answer,
        source=imaging.blobs,
        extra=picture_choice.provenance(watch, picture, file),
    )


def _find(
    watch: Watch,
    picture: str,
    file: str | None,
    smallest: float,
    largest: float,
    contrast: float,
    dark: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the greyscale image (uint8 [h, w]), and x, y, radius and contrast of its blobs (float [n, 4])."""
    seen = brightness.read(watch, picture, file)
    return seen, imaging.blobs(seen, smallest=smallest, largest=largest, contrast=contrast, dark=dark)


BENCH = Bench(
    key="blobs",
    question="How many blobs are there, and how large are they?",
    words="A blob gives the strongest response at the scale that matches its size, so that scale gives its radius. A crater "
    "lit from the side has a bright half and a dark half, so you can search for either half.",
    endpoint=lab_blobs,
    view=view,
    figures=2,
)
