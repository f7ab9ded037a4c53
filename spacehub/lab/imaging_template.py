"""Find a template in an image at several scales and rotations, from coarse to fine."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.imaging import smooth

# The first search: in an image scaled down to this size, at angles this many degrees apart.
COARSE_SIDE, COARSE_DEGREES = 160, 15.0
LEAST_SIDE, FLAT = 8, 2.0
CANDIDATES = 4


@dataclass(frozen=True, kw_only=True)
class Match:
    """The position where a template was found.

    `x` and `y` are its centre in pixels, `scale` is its size relative to the template, and `angle` its rotation in
    degrees counter-clockwise. `score` is the correlation coefficient, which is 1 for a perfect match up to
    brightness and contrast.
    """

    x: float
    y: float
    scale: float
    angle: float
    score: float


def find(
    picture: np.ndarray,
    template: np.ndarray,
    *,
    scales: tuple[float, float] = (0.65, 1.5),
    turns: bool = True,
) -> Match:
    """Find a square template by normalised cross-correlation (Lewis, Vision Interface 1995).

    The search starts at low resolution over all scales and rotations, then continues in finer steps around the best
    few matches. If rotations are tried, only the template's central square is compared, because
    this square stays filled at every angle.

    Parameters
    ----------
    picture, template : numpy.ndarray
        uint8 [h, w] and [n, n].
    scales : tuple of float
        The smallest and the largest scale to try.
    turns : bool
        Whether to try rotations.

    Raises
    ------
    SpaceHubError
        If the template is too small, has almost no content, or does not fit into the image.
    """
    side = min(template.shape)
    if side < 2 * LEAST_SIDE:
        raise SpaceHubError(
            f"A template of {side} pixels per side is too small.",
            f"Cut out a template of at least {2 * LEAST_SIDE} pixels per side.",
        )
    if template.std() < FLAT:
        raise SpaceHubError(
            "The template has almost no contrast.", "Cut out a part of the image that has more contrast."
        )
    if side * scales[0] > min(picture.shape):
        raise SpaceHubError("The template is larger than the image.", "Cut out a smaller template.")
    # At low resolution, enough of the template must remain to be distinctive.
    coarse = min(1.0, max(COARSE_SIDE / max(picture.shape), 2 * LEAST_SIDE / (side * scales[0])))
    angles = np.arange(0, 360, COARSE_DEGREES) if turns else np.zeros(1)
    steps = max(2, int(np.ceil(np.log(scales[1] / scales[0]) / np.log(1.13))) + 1)
    guesses = [(scale, angle) for scale, angle in product(np.geomspace(*scales, steps), angles)]
    matches = _best(picture, template, guesses, coarse, None)
    scale_step, angle_step = (scales[1] / scales[0]) ** (0.5 / (steps - 1)), COARSE_DEGREES / 2
    resolution = coarse
    for _ in range(3):
        resolution = min(1.0, 2 * resolution)
        turned = (-angle_step, 0, angle_step) if turns else (0,)
        better = []
        for match_ in matches:
            around = [
                (match_.scale * scale_step**up, match_.angle + turn)
                for up, turn in product((-1, 0, 1), turned)
            ]
            better += _best(picture, template, around, resolution, match_)[:1]
        matches = sorted(better, key=lambda match: -match.score)[: 1 if resolution == 1 else 2]
        scale_step, angle_step = scale_step**0.5, angle_step / 2
    best = matches[0]
    return Match(x=best.x, y=best.y, scale=best.scale, angle=best.angle % 360, score=best.score)


def _best(
    picture: np.ndarray, template: np.ndarray, guesses: list, resolution: float, near: Match | None
) -> list[Match]:
    """Compare all `guesses` of scale and angle at one resolution, and return the best. `near` limits the search."""
    import cv2

    cut, left, top = picture, 0, 0
    if near is not None:
        reach = template.shape[0] * near.scale * 0.75 + 4 / resolution
        left, top = max(0, int(near.x - reach)), max(0, int(near.y - reach))
        cut = picture[top : int(near.y + reach) + 2, left : int(near.x + reach) + 2]
    small = cut
    if resolution < 1:
        small = cv2.resize(cut, None, fx=resolution, fy=resolution, interpolation=cv2.INTER_AREA)
    # The true factors, because a size is a whole number of pixels.
    down, across = (new / old for new, old in zip(small.shape, cut.shape, strict=True))
    matches = []
    for scale, angle in guesses:
        piece = _turned(template, scale * resolution, angle)
        if min(piece.shape) < LEAST_SIDE or any(
            larger > other for larger, other in zip(piece.shape, small.shape, strict=True)
        ):
            continue
        scores = cv2.matchTemplate(small, piece, cv2.TM_CCOEFF_NORMED)
        _, score, _, (column, row) = cv2.minMaxLoc(scores)
        dx, dy = _peak(scores, column, row)
        half = (piece.shape[0] - 1) / 2
        matches.append(
            Match(
                x=left + (column + dx + half + 0.5) / across - 0.5,
                y=top + (row + dy + half + 0.5) / down - 0.5,
                scale=scale,
                angle=angle,
                score=float(score),
            )
        )
    if not matches:
        raise SpaceHubError(
            "The template is too large or too small at every scale.",
            "Cut out a template of a different size.",
        )
    best: list[Match] = []
    for match in sorted(matches, key=lambda match: -match.score):
        if all(np.hypot(match.x - other.x, match.y - other.y) > template.shape[0] / 4 for other in best):
            best.append(match)
    return best[:CANDIDATES]


def _turned(template: np.ndarray, scale: float, angle: float) -> np.ndarray:
    """Return the centre of the rotated and scaled template: the square that stays filled at every angle."""
    import cv2

    side = template.shape[0]
    size = int(side * scale / np.sqrt(2))
    size -= (size - side) % 2  # otherwise the centre would be between two pixels, and blurred
    turn = cv2.getRotationMatrix2D(((side - 1) / 2, (template.shape[1] - 1) / 2), angle, scale)
    turn[:, 2] += (size - 1) / 2 - np.array([(side - 1) / 2, (template.shape[1] - 1) / 2])
    return cv2.warpAffine(_fit(template, scale), turn, (size, size), borderMode=cv2.BORDER_REFLECT)


def _fit(picture: np.ndarray, scale: float) -> np.ndarray:
    """Blur an image before it is scaled down, to remove detail finer than the new pixels."""
    return smooth(picture, 0.4 / scale) if scale < 0.7 else picture


def _peak(scores: np.ndarray, column: int, row: int) -> tuple[float, float]:
    """Return a peak's sub-pixel offset: the vertex of a parabola through its neighbours, along x and along y."""

    def top(before: float, at: float, after: float) -> float:
        bend = before - 2 * at + after
        return float(np.clip((before - after) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0

    high, wide = scores.shape
    dx = top(*scores[row, column - 1 : column + 2]) if 0 < column < wide - 1 else 0.0
    dy = top(*scores[row - 1 : row + 2, column]) if 0 < row < high - 1 else 0.0
    return dx, dy


def turn_picture(picture: np.ndarray, *, scale: float, angle: float) -> np.ndarray:
    """Rotate an image counter-clockwise about its centre (degrees), and scale it.

    Nothing is cut off, and gaps are black. `carried` maps a position to its new position.
    """
    import cv2

    matrix, size = _turning(picture.shape, scale, angle)
    return cv2.warpAffine(_fit(picture, scale), matrix, size)


def carried(shape: tuple[int, ...], x: float, y: float, *, scale: float, angle: float) -> tuple[float, float]:
    """Return where `turn_picture` moves the position x, y in an image of the given shape."""
    matrix, _ = _turning(shape, scale, angle)
    moved = matrix @ np.array([x, y, 1.0])
    return float(moved[0]), float(moved[1])


def _turning(shape: tuple[int, ...], scale: float, angle: float) -> tuple[np.ndarray, tuple[int, int]]:
    import cv2

    high, wide = shape[:2]
    cos, sin = abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle)))
    size = round(scale * (wide * cos + high * sin)), round(scale * (wide * sin + high * cos))
    matrix = cv2.getRotationMatrix2D(((wide - 1) / 2, (high - 1) / 2), angle, scale)
    matrix[:, 2] += (np.array(size) - np.array([wide, high])) / 2
    return matrix, size
