"""The grey picture that the benches of Imaging analyse."""

from typing import TypedDict

import numpy as np

from space_app.lab.provenance import Source
from space_app.lab.shared import picture_choice
from space_app.watch import Watch
from spacehub.lab import imaging

# At most so many pixels a side, so that the figure follows a slider.
LONGEST = 640


class Places(TypedDict):
    """What was found at which places, x and y in pixels; of blobs also radius and contrast."""

    width: int
    height: int
    found: list[list[float]]
    source: Source | None


def read(watch: Watch, picture: str, file: str | None, *, longest: int = LONGEST) -> np.ndarray:
    """Return a picture in grey, uint8 [h, w]."""
    return imaging.grey(picture_choice.read(watch, picture, file, longest=longest))


def size(brightness: np.ndarray) -> dict[str, int]:
    """Return a picture's width and height in pixels, by name."""
    return {"width": brightness.shape[1], "height": brightness.shape[0]}


def written(brightness: np.ndarray) -> str:
    """Return a picture's size in words."""
    return f"{brightness.shape[1]} × {brightness.shape[0]} pixels"
