"""The template matching experiment: find a part of an image again after rotation and scaling."""

from dataclasses import dataclass
from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.imaging import brightness, figures
from space_app.lab.provenance import Source
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import PLAIN, OwnPicture, Picture
from space_app.parameters import Number, integer
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import imaging_template

# The maximum number of pixels per side; it is low because all scales and angles are tried.
LONGEST = 256
SEED = 1


class TemplateFound(TypedDict):
    """The position at which a template was found in the rotated image and its true position."""

    x: float
    y: float
    scale: float
    angle: float
    score: float
    true_x: float
    true_y: float
    error_pixels: float
    source: Source | None


def lab_template(
    watch: Watch,
    picture: Picture = PLAIN,
    file: OwnPicture = None,
    x: Annotated[
        float,
        Number(0, 1, step=0.01, label="Distance of cut-out centre from left edge", unit="share of width"),
    ] = 0.42,
    y: Annotated[
        float,
        Number(0, 1, step=0.01, label="Distance of cut-out centre from top edge", unit="share of height"),
    ] = 0.4,
    side: Annotated[int, integer(56, 120, step=4, label="Side of the cut-out", unit="pixels")] = 72,
    scale: Annotated[float, Number(0.7, 1.4, step=0.01, label="Scale the image by")] = 1.2,
    angle: Annotated[
        float,
        Number(
            -180,
            180,
            step=1,
            label="Rotate the image by",
            unit="degrees",
            help="Positive is counter-clockwise.",
        ),
    ] = 30,
    noise: Annotated[
        float,
        Number(
            0, 100, step=1, label="Noise", unit="grey levels", help="The standard deviation of the noise."
        ),
    ] = 10,
) -> TemplateFound:
    """Cut a template out of an image, rotate and scale the image, and find the template in it.

    The image is first scaled down to at most 256 pixels per side.

    Returns
    -------
    TemplateFound
        The position, scale and rotation of the match, its score, and its distance from the true position in pixels.
    """
    trial = _try(watch, picture, file, x, y, side, scale, angle, noise)
    return TemplateFound(
        **{name: float(value) for name, value in vars(trial.match).items()},
        true_x=trial.wanted[0],
        true_y=trial.wanted[1],
        error_pixels=trial.error,
        source=picture_choice.source(watch, picture, file),
    )


def view(
    watch: Watch,
    picture: str,
    file: str | None,
    x: float,
    y: float,
    side: int,
    angle: float,
    scale: float,
    noise: float,
) -> View:
    """Show the template and where it was found in the rotated image."""
    trial = _try(watch, picture, file, x, y, side, scale, angle, noise)
    match, half = trial.match, trial.template.shape[0] / 2
    missed = trial.error > half * match.scale
    return View(
        figures=[figures.template(trial.template, trial.picture, trial.corners, trial.wanted)],
        numbers={
            "Position found": f"{match.x:.1f}, {match.y:.1f}",
            "True position": f"{trial.wanted[0]:.1f}, {trial.wanted[1]:.1f}",
            "Rotation": f"{(match.angle + 180) % 360 - 180:.1f}° (true: {angle:g}°)",
            "Scale": f"{match.scale:.3f} (true: {scale:g})",
            "Correlation": f"{match.score:.3f}",
        },
        answer=f"The template is found {trial.error:.2f} pixels from its true position"
        + (". The match is another part that looks similar." if missed else "."),
        source=imaging_template.find,
        extra=picture_choice.provenance(watch, picture, file),
    )


@dataclass(frozen=True, kw_only=True)
class _Trial:
    """A template cut out of an image, and its match after rotation, scaling and noise.

    `wanted` is the true position of the template's centre, x and y in pixels of `picture`.
    """

    template: np.ndarray
    picture: np.ndarray
    wanted: tuple[float, float]
    match: imaging_template.Match

    @property
    def error(self) -> float:
        """The distance from the true position, in pixels."""
        return float(np.hypot(self.match.x - self.wanted[0], self.match.y - self.wanted[1]))

    @property
    def corners(self) -> np.ndarray:
        """The corners of the match, x and y in pixels, float [4, 2]."""
        turned, half = np.radians(self.match.angle), self.template.shape[0] / 2
        corners = half * self.match.scale * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
        # Counter-clockwise, because y points down.
        spin = np.array([[np.cos(turned), -np.sin(turned)], [np.sin(turned), np.cos(turned)]])
        return corners @ spin + (self.match.x, self.match.y)


def _try(
    watch: Watch,
    picture: str,
    file: str | None,
    x: float,
    y: float,
    side: int,
    scale: float,
    angle: float,
    noise: float,
) -> _Trial:
    """Cut out a template at the fractions `x` and `y` of an image's width and height, and search for it."""
    seen = brightness.read(watch, picture, file, longest=LONGEST)
    high, wide = seen.shape
    half = side // 2
    if 2 * half > min(high, wide):
        raise SpaceHubError(
            f"The image, {wide} × {high} pixels, is too small for a template of {side} pixels.",
            "Choose another image or a smaller template.",
        )
    column = int(np.clip(round(x * wide), half, wide - half))
    row = int(np.clip(round(y * high), half, high - half))
    template = seen[row - half : row + half, column - half : column + half]
    turned = imaging_template.turn_picture(seen, scale=scale, angle=angle)
    if noise:
        grain = np.random.default_rng(SEED).normal(0, noise, turned.shape)
        turned = np.clip(turned + grain, 0, 255).round().astype(np.uint8)
    return _Trial(
        template=template,
        picture=turned,
        wanted=imaging_template.carried(seen.shape, column - 0.5, row - 0.5, scale=scale, angle=angle),
        match=imaging_template.find(turned, template),
    )


BENCH = Bench(
    key="template",
    question="Can part of an image be found again after rotation and scaling?",
    words="The app cuts a square out of the image, then rotates and scales the image and adds noise. "
    "The app then searches for the square at many scales and angles, from coarse to fine. A square of empty sky matches any other empty part of the sky.",
    endpoint=lab_template,
    view=view,
)
