"""Compress an image to some of its principal components: the image is cut into pieces, each a row of numbers."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.pca import Components, error_of_each, principal_components

PATCH = 8
LINES, PATCHES = "lines of pixels", "patches of 8 × 8"
WAYS = (LINES, PATCHES)
LEAST = {
    LINES: "Choose an image that is at least 2 pixels high.",
    PATCHES: f"Choose an image of at least {PATCH} × {2 * PATCH} pixels.",
}
WHITE = 255.0


@dataclass(frozen=True, kw_only=True)
class Analysed:
    """An image's pieces as `rows` (float [N, D], 0 to 255), their components, and the image's `shape`."""

    way: str
    shape: tuple[int, int, int]
    rows: np.ndarray
    found: Components

    @property
    def errors(self) -> np.ndarray:
        """The root mean square error with 0, 1, … K components, in grey levels (0 to 255)."""
        return error_of_each(self.found, len(self.rows))

    def stored(self, k: int) -> int:
        """Return how many numbers k components need: the mean, k axes, and k scores per piece."""
        pieces, numbers = self.rows.shape
        return numbers + k * (numbers + pieces)

    def compressed(self, k: int) -> np.ndarray:
        """Return the image from its first k components, uint8 [H, W, 3].

        Raises
        ------
        SpaceHubError
            If the image has fewer components.
        """
        rows = self.found.restore(self.found.scores(self.rows, k))
        return join(np.clip(np.rint(rows), 0, WHITE).astype(np.uint8), self.shape, self.way)


def analyse(picture: np.ndarray, way: str) -> Analysed:
    """Find the components of an image's pieces, cut in one of `WAYS`.

    Parameters
    ----------
    picture : array of uint8, [H, W, 3]
        Incomplete patches at its right and lower edges are left out.
    way : str
        One of `WAYS`.

    Raises
    ------
    SpaceHubError
        If there is no such way, or the image has fewer than two pieces or only one colour.
    """
    rows, shape = cut(picture, way)
    if len(rows) < 2:
        raise SpaceHubError(
            f"An image of {picture.shape[1]} × {picture.shape[0]} pixels is too small to divide into two {way}.",
            LEAST[way],
        )
    return Analysed(way=way, shape=shape, rows=rows, found=principal_components(rows))


def cut(picture: np.ndarray, way: str) -> tuple[np.ndarray, tuple[int, int, int]]:
    """Return an image's pieces as rows, float [N, D], and the shape of the area that they cover."""
    if way not in WAYS:
        raise SpaceHubError(f"Unknown way to divide an image: {way!r}.", f"Choose one of: {'; '.join(WAYS)}.")
    height, width, channels = picture.shape
    if way == LINES:
        return picture.reshape(height, width * channels).astype(float), picture.shape
    down, across = height // PATCH, width // PATCH
    whole = picture[: down * PATCH, : across * PATCH]
    patches = whole.reshape(down, PATCH, across, PATCH, channels).swapaxes(1, 2)
    return patches.reshape(down * across, PATCH * PATCH * channels).astype(float), whole.shape


def join(rows: np.ndarray, shape: tuple[int, int, int], way: str) -> np.ndarray:
    """Put the pieces back in position; the inverse of `cut`."""
    height, width, channels = shape
    if way == LINES:
        return rows.reshape(shape)
    patches = rows.reshape(height // PATCH, width // PATCH, PATCH, PATCH, channels)
    return patches.swapaxes(1, 2).reshape(shape)
