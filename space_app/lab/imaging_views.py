"""What the endpoints and the pages of Imaging share: the picture that is looked at, and what is found on it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from space_app.lab import picture_choice
from space_app.lab.provenance import Source
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import imaging, imaging_template
from spacehub.serving.words import shorten

# So many pixels a side are looked at, so that a slider need not wait; the deep field is counted as it is.
LONGEST, LONGEST_TO_MATCH = 640, 256
TEMPLATE_SIDES = (56, 120)


def brightness(watch: Watch, name: str, file: str | Path | None, *, longest: int = LONGEST) -> np.ndarray:
    """Return the grey picture that is looked at, uint8 [h, w]."""
    return imaging.grey(picture_choice.read(watch, name, file, longest=longest))


def given(
    watch: Watch, name: str, file: object, *, longest: int = LONGEST
) -> tuple[np.ndarray, Source | None]:
    """Return the grey picture that an endpoint's caller asks for or sends, and which dataset it comes from."""
    path = picture_choice.own(file)
    return brightness(watch, name, path, longest=longest), picture_choice.origin(watch, name, path)


def size(brightness: np.ndarray) -> dict[str, int]:
    """Return a picture's width and height in pixels, by name."""
    return {"width": brightness.shape[1], "height": brightness.shape[0]}


def number(value: object, name: str, low: float, high: float) -> float:
    """Return an endpoint's number.

    Raises
    ------
    SpaceHubError
        When it is none, or out of range.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise SpaceHubError(f"The parameter {name} is {value!r}.", f"Give a number from {low:g} to {high:g}.")
    return value


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A template cut out of a picture, and found again after that was turned, scaled and made noisy.

    `wanted` is where its middle went, x and y in pixels of `picture`; `error` how far off it was found, in pixels.
    """

    template: np.ndarray
    picture: np.ndarray
    wanted: tuple[float, float]
    match: imaging_template.Match

    @property
    def error(self) -> float:
        """Distance from the true place in pixels."""
        return float(np.hypot(self.match.x - self.wanted[0], self.match.y - self.wanted[1]))


def try_template(
    picture: np.ndarray, *, x: float, y: float, side: int, scale: float, angle: float, noise: float
) -> Trial:
    """Cut a template out of a picture at shares `x` and `y` of its width and height, and look for it.

    Raises
    ------
    SpaceHubError
        When a number is out of range, or the template cannot be looked for.
    """
    ranges = {
        "place": (x, 0, 1), "place down": (y, 0, 1), "side": (side, *TEMPLATE_SIDES),
        "scale": (scale, 0.7, 1.4), "angle": (angle, -360, 360), "noise": (noise, 0, 100),
    }  # fmt: skip
    for what, (value, low, high) in ranges.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise SpaceHubError(
                f"The template's {what} is {shorten(value)}.", f"Choose from {low:g} to {high:g}."
            )
    high, wide = picture.shape
    half = int(side) // 2
    if 2 * half > min(high, wide):
        raise SpaceHubError(
            f"The picture, {wide} × {high} pixels, is too small for that template.", "Choose another."
        )
    column = int(np.clip(round(x * wide), half, wide - half))
    row = int(np.clip(round(y * high), half, high - half))
    template = picture[row - half : row + half, column - half : column + half]
    turned = imaging_template.turn_picture(picture, scale=scale, angle=angle)
    if noise:
        grain = np.random.default_rng(1).normal(0, noise, turned.shape)
        turned = np.clip(turned + grain, 0, 255).round().astype(np.uint8)
    return Trial(
        template=template,
        picture=turned,
        wanted=imaging_template.carried(picture.shape, column - 0.5, row - 0.5, scale=scale, angle=angle),
        match=imaging_template.find(turned, template),
    )
