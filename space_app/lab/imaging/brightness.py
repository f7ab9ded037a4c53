"""Prepare the greyscale image that the Imaging experiment analyses."""

from typing import TypedDict

import numpy as np

from space_app.lab.provenance import Source
from space_app.lab.shared import picture_choice
from space_app.watch import Watch
from spacehub.lab import imaging

# The maximum number of pixels per side that still lets the figure follow a slider.
LONGEST = 640


class Places(TypedDict):
    """The positions of the detections: x and y in pixels and, for blobs, radius and contrast."""

    width: int
    height: int
    found: list[list[float]]
    source: Source | None


def read(watch: Watch, picture: str, file: str | None, *, longest: int = LONGEST) -> np.ndarray:
    """Return an image as greyscale, uint8 [h, w]."""
    return imaging.grey(picture_choice.read(watch, picture, file, longest=longest))


def size(brightness: np.ndarray) -> dict[str, int]:
    """Return an image's width and height in pixels, keyed by name."""
    return {"width": brightness.shape[1], "height": brightness.shape[0]}


def written(brightness: np.ndarray) -> str:
    """Describe an image's size in words."""
    return f"{brightness.shape[1]} × {brightness.shape[0]} pixels"
