"""Find features in an image with OpenCV: edges, regions with their outlines, corners and blobs.

Positions are x and y in pixels, with y pointing down; the centre of the first pixel is (0, 0). OpenCV is imported
at the first call, so the pages that show these functions start without it.
"""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError

# A Sobel kernel of 3 x 3 gives eight times the derivative per pixel.
SOBEL_GAIN = 8
STEPS_AN_OCTAVE = 3
# The roundness of a large disc in pixels: its outline from pixel to pixel is 8 (√2 − 1) diameters long, not π.
PIXEL_CIRCLE = (np.pi / (8 * (np.sqrt(2) - 1))) ** 2


def grey(rgb: np.ndarray) -> np.ndarray:
    """Convert an image (uint8 [h, w, 3]) to brightness (uint8 [h, w]), the Y' of ITU-R BT.601."""
    import cv2

    return cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY)


def smooth(brightness: np.ndarray, sigma: float) -> np.ndarray:
    """Blur with a Gaussian of `sigma` pixels; 0 leaves the image unchanged."""
    import cv2

    return cv2.GaussianBlur(brightness, (0, 0), sigma) if sigma > 0 else brightness


def edges(brightness: np.ndarray, *, sigma: float = 1.4, low: float = 4.0, high: float = 10.0) -> np.ndarray:
    """Find edges with Canny's method (IEEE Transactions on Pattern Analysis and Machine Intelligence 8, 1986).

    Parameters
    ----------
    brightness : numpy.ndarray
        uint8 [h, w].
    sigma : float
        Width of the blur before the edge detection, in pixels.
    low, high : float
        Grey levels per pixel: an edge starts where a ridge of the slope is above `high`, and continues down to `low`.

    Returns
    -------
    numpy.ndarray
        bool [h, w], lines one pixel wide.

    Raises
    ------
    SpaceHubError
        If `low` is above `high`.
    """
    import cv2

    if low > high:
        raise SpaceHubError(
            f"The lower threshold ({low:g}) is above the upper threshold ({high:g}).",
            "An edge starts above the upper threshold and continues down to the lower threshold. Decrease the lower threshold, or increase the upper threshold.",
        )
    blurred = smooth(brightness, sigma)
    return cv2.Canny(blurred, SOBEL_GAIN * low, SOBEL_GAIN * high, L2gradient=True) > 0


@dataclass(frozen=True, kw_only=True)
class Region:
    """A connected region brighter than a level: its outline (float [n, 2]), and its area and perimeter in pixels."""

    outline: np.ndarray
    area: float
    perimeter: float
    middle: tuple[float, float]

    @property
    def roundness(self) -> float:
        """4 π area / perimeter²: 1 for a circle and less for any other shape. Jagged outlines also lower this value."""
        return 4 * np.pi * self.area / self.perimeter**2 if self.perimeter else 0.0

    @property
    def diameter(self) -> float:
        """The diameter of the circle with the same area, in pixels."""
        return 2 * float(np.sqrt(self.area / np.pi))


def otsu(brightness: np.ndarray) -> float:
    """Return the level that best separates dark from bright.

    Otsu, IEEE Trans. Systems, Man and Cybernetics 9, 1979.
    """
    import cv2

    return float(cv2.threshold(brightness, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0])


def regions(brightness: np.ndarray, *, level: float | None = None, smallest: float = 30.0) -> list[Region]:
    """Return the regions brighter than `level` (by default Otsu's), largest first, with OpenCV's outlines.

    The outline runs through the centres of the border pixels. The area and perimeter are therefore those of the
    region shrunk by half a pixel on all sides. Holes are ignored.
    """
    import cv2

    bright = (brightness > (otsu(brightness) if level is None else level)).astype(np.uint8)
    # A dark rim closes the regions at the image's edge.
    outlines, _ = cv2.findContours(
        cv2.copyMakeBorder(bright, 1, 1, 1, 1, cv2.BORDER_CONSTANT),
        cv2.RETR_EXTERNAL,
        cv2.CHAIN_APPROX_NONE,
        offset=(-1, -1),
    )
    kept = []
    for outline in outlines:
        moments = cv2.moments(outline)
        if moments["m00"] >= smallest:
            kept.append(
                Region(
                    outline=outline[:, 0].astype(float),
                    area=moments["m00"],
                    perimeter=cv2.arcLength(outline, True),
                    middle=(moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]),
                )
            )
    return sorted(kept, key=lambda region: -region.area)


def corners(
    brightness: np.ndarray, *, most: int = 100, quality: float = 0.05, apart: float = 10.0, window: int = 5
) -> np.ndarray:
    """Find corners with Shi and Tomasi's method (Good features to track, CVPR 1994), with sub-pixel precision.

    Parameters
    ----------
    brightness : numpy.ndarray
        uint8 [h, w].
    most : int
        The maximum number of corners; the strongest are kept.
    quality : float
        The strength of the weakest corner to return, as a fraction of the strongest.
    apart : float
        The smallest distance between two corners, in pixels.
    window : int
        Half the side, in pixels, of the square in which a corner's position is refined (Förstner's condition).

    Returns
    -------
    numpy.ndarray
        x and y, float [n, 2].
    """
    import cv2

    places = cv2.goodFeaturesToTrack(brightness, int(most), quality, apart)
    if places is None:
        return np.zeros((0, 2))
    until = cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 0.01
    if min(brightness.shape) > 2 * window + 6:
        places = cv2.cornerSubPix(brightness, places, (window, window), (-1, -1), until)
    return places[:, 0].astype(float)


def blobs(
    brightness: np.ndarray,
    *,
    smallest: float = 2.0,
    largest: float = 20.0,
    contrast: float = 15.0,
    dark: bool = False,
    most: int = 500,
) -> np.ndarray:
    """Find blobs (round spots) in scale space (Lindeberg, International Journal of Computer Vision 30, 1998).

    A blob is a point where the Laplacian, times sigma², is stronger than at all neighbours in position and scale.
    For a disc of radius r, this maximum is at sigma = r / √2, and its value is 2/e of the disc's contrast.

    Parameters
    ----------
    smallest, largest : float
        The range of radii to search, in pixels.
    contrast : float
        The lowest contrast, in grey levels, at which a disc is detected.
    dark : bool
        Whether to find dark blobs instead of bright ones.
    most : int
        The maximum number of blobs; the strongest are kept.

    Returns
    -------
    numpy.ndarray
        x, y, radius and contrast, float [n, 4].

    Raises
    ------
    SpaceHubError
        If the radii are not a valid range.
    """
    import cv2

    if not 0.5 <= smallest <= largest <= 200:
        raise SpaceHubError(
            f"{smallest:g} to {largest:g} pixels is not a valid range of radii.",
            "Choose radii from 0.5 to 200 pixels, and enter the smaller radius first.",
        )
    steps = int(np.ceil(np.log2(largest / smallest) * STEPS_AN_OCTAVE))
    # One beyond each end, so that the ends have neighbours.
    sigmas = smallest / np.sqrt(2) * 2 ** (np.arange(-1, steps + 2) / STEPS_AN_OCTAVE)
    space = _scale_space(brightness.astype(np.float32) * (1 if dark else -1), sigmas)
    around = np.ones((3, 3), np.uint8)
    strongest = [cv2.dilate(layer, around) for layer in space]
    spots = []
    for place in range(1, len(sigmas) - 1):
        y, x = np.nonzero(space[place] > contrast * 2 / np.e)
        rivals = [layer[y, x] for layer in strongest[place - 1 : place + 2]]
        peak = space[place][y, x] >= np.max(rivals, axis=0)
        y, x = y[peak], x[peak]
        size = np.full(len(x), np.sqrt(2) * sigmas[place])
        spots.append(np.stack([x, y, size, space[place][y, x] * np.e / 2], axis=1))
    every = np.concatenate(spots)
    return every[np.argsort(-every[:, 3])][:most]


def _scale_space(picture: np.ndarray, sigmas: np.ndarray) -> list[np.ndarray]:
    """Return sigma² times the Laplacian of an image blurred by each sigma (ascending), float32 [h, w] each."""
    import cv2

    blurred, before, space = picture, 0.0, []
    for sigma in sigmas:
        # Variances add up, so each blur continues from the previous blur.
        blurred = cv2.GaussianBlur(blurred, (0, 0), float(np.sqrt(sigma**2 - before**2)))
        before = sigma
        space.append(float(sigma) ** 2 * cv2.Laplacian(blurred, cv2.CV_32F, ksize=1))
    return space
