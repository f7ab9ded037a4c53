"""Count galaxies in an image of the deep sky, as sources above the noise, and check the count."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.imaging import smooth

# A faint source is most visible after a blur of about its own width.
SIGMA = 1.5
SPREAD = 1.25
INJECTED, CELL = 200, 24
SEED = 1


@dataclass(frozen=True, kw_only=True)
class Galaxies:
    """Sources above a threshold, brightest first.

    Attributes
    ----------
    place : numpy.ndarray
        x and y in pixels, float [n, 2].
    area : numpy.ndarray
        The number of pixels above the threshold, int [n].
    peak : numpy.ndarray
        The height of the smoothed image above the background in grey levels, float [n].
    background, noise : float
        The level and standard deviation of the empty sky in the smoothed image, in grey levels.
    """

    place: np.ndarray
    area: np.ndarray
    peak: np.ndarray
    background: float
    noise: float

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True, kw_only=True)
class Count:
    """A count, and the results of its checks.

    Attributes
    ----------
    found : Galaxies
        The sources at the requested threshold.
    false : int
        The number of sources found in the negative image, which has only noise.
    lower, upper : int
        The counts with the threshold multiplied and divided by 1.25.
    injected, recovered : int
        The number of sources of median brightness that were added at positions unrelated to the galaxies, and how
        many of these sources raised the count by one.
    """

    found: Galaxies
    false: int
    lower: int
    upper: int
    injected: int
    recovered: int


def find(brightness: np.ndarray, *, threshold: float = 5.0, least: int = 5) -> Galaxies:
    """Find the sources, which are the connected components above the noise.

    The image is blurred by `SIGMA` pixels. The sky level is the median. The noise is 1.4826 times the median
    distance between the sky level and the pixels below it, because galaxies only add brighter pixels (for the
    factor, see Rousseeuw and Croux, JASA 88, 1993). Touching galaxies count as one.

    Parameters
    ----------
    brightness : numpy.ndarray
        [h, w], grey levels.
    threshold : float
        The smallest height above the sky, in units of the noise.
    least : int
        The smallest area in pixels.
    """
    return _find(_smoothed(brightness), threshold, least)


def count(brightness: np.ndarray, *, threshold: float = 5.0, least: int = 5) -> Count:
    """Count galaxies as `find` does, and check the count with noise, other thresholds and added sources.

    Raises
    ------
    SpaceHubError
        If the threshold or the area is out of range, or the noise of the image cannot be estimated.
    """
    if not 1 <= threshold <= 100:
        raise SpaceHubError(
            f"The threshold ({threshold:g} times the noise) is out of range.",
            "Choose a threshold from 1 to 100 times the noise.",
        )
    if not 1 <= least <= 1000:
        raise SpaceHubError(
            f"The minimum size ({least:g} pixels) is out of range.",
            "Choose a minimum size from 1 to 1,000 pixels.",
        )
    smoothed = _smoothed(brightness)
    spots = _find(smoothed, threshold, least)
    upside_down = _spots(spots.background - smoothed, threshold * spots.noise, least)[0]
    others = (
        len(_spots(smoothed - spots.background, threshold * spots.noise * factor, least)[0])
        for factor in (SPREAD, 1 / SPREAD)
    )
    lower, upper = others
    recovered, injected = _try(smoothed, spots, threshold, least)
    return Count(
        found=spots, false=len(upside_down), lower=lower, upper=upper, injected=injected, recovered=recovered
    )


def _smoothed(brightness: np.ndarray) -> np.ndarray:
    return smooth(np.asarray(brightness, np.float32), SIGMA)


def _find(smoothed: np.ndarray, threshold: float, least: int) -> Galaxies:
    background = float(np.median(smoothed))
    below = smoothed[smoothed < background]
    noise = 1.4826 * float(np.median(background - below)) if len(below) else 0.0
    if noise <= 0:
        raise SpaceHubError(
            "The noise of the image cannot be estimated, because more than half of its pixels have the same brightness.",
            "Choose an unedited photograph of the sky.",
        )
    place, area, peak = _spots(smoothed - background, threshold * noise, least)
    order = np.argsort(-peak)
    return Galaxies(
        place=place[order], area=area[order], peak=peak[order], background=background, noise=noise
    )


def _spots(height: np.ndarray, level: float, least: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the centre, area and peak of each connected source above `level`."""
    import cv2

    total, labels, facts, middle = cv2.connectedComponentsWithStats(
        (height > level).astype(np.uint8), connectivity=8
    )
    peak = np.zeros(total)
    inside = labels > 0
    np.maximum.at(peak, labels[inside], height[inside])
    kept = np.flatnonzero(facts[:, cv2.CC_STAT_AREA] >= least)
    kept = kept[kept > 0]
    return middle[kept], facts[kept, cv2.CC_STAT_AREA], peak[kept]


def _try(smoothed: np.ndarray, spots: Galaxies, threshold: float, least: int) -> tuple[int, int]:
    """Add sources of median brightness, and return how many of them raised the count by one and how many were added.

    A source on a galaxy is lost, because the two count as one. The result therefore also shows how crowded the
    image is.
    """
    if not len(spots):
        return 0, 0
    rng = np.random.default_rng(SEED)
    high, wide = smoothed.shape
    reach = int(4 * SIGMA) + 1
    line = np.arange(-reach, reach + 1)
    spot = np.exp(-(line[:, None] ** 2 + line**2) / (2 * (2 * SIGMA**2))) * float(np.median(spots.peak))
    # A source in every cell of a grid, off its centre, so that the sources do not touch each other.
    rows, columns = (np.arange(CELL // 2, length - CELL // 2, CELL) for length in (high, wide))
    y, x = (grid.ravel() for grid in np.meshgrid(rows, columns, indexing="ij"))
    chosen = rng.permutation(len(y))[:INJECTED]
    crowded = smoothed.copy()
    slack = CELL // 2 - reach - 1
    for row, column in zip(y[chosen], x[chosen], strict=True):
        row, column = np.array([row, column]) + rng.integers(-slack, slack + 1, 2)
        crowded[row - reach : row + reach + 1, column - reach : column + reach + 1] += spot
    more = _spots(crowded - spots.background, threshold * spots.noise, least)[0]
    return max(0, len(more) - len(spots)), len(chosen)
