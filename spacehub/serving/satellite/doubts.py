"""Find reasons to doubt an image's class: blank, greyscale, noise, another scale, or unlike all known images.

A network names one of its classes for any input, and is as sure of noise as of a forest: neither its
logits nor their energy separate the two. Simple statistics of colour and texture do. The
distance of an image from the training images is the Mahalanobis distance of its statistics from the nearest
class. All classes share one covariance (Lee et al. 2018, on the outputs of a network's layers).
"""

from dataclasses import dataclass

import numpy as np

from spacehub.serving import stated

FEW, FLOOR = 16, 0.02
# For values from 0 to 1: a tenth of a step of 256 counts as nothing, and two steps between channels count
# as no colour.
LEAST_CONTRAST, LEAST_COLOUR = 0.1 / 255, 2 / 255
# How many times wider or narrower than a training image an image may be.
SCALES = 2.0
FEATURES = 10  # of `statistics`
# Limits of what is read from ``onnx/inputs.json``.
MOST_CLASSES, LARGEST = 1_000, 1e12
BLANK, GREY, NOISE, SIZE, UNLIKE = KINDS = ("blank", "grey", "noise", "size", "unlike")


@dataclass(frozen=True, kw_only=True)
class Known:
    """The statistics of the training images, from ``onnx/inputs.json``.

    `side` is their width in pixels; `means` [C, F] and `precision` [F, F] belong to `statistics`;
    `threshold` is the largest squared distance, and `grain` the largest grain, without a doubt.
    """

    side: int
    means: np.ndarray
    precision: np.ndarray
    threshold: float
    grain: float

    @classmethod
    def of(cls, given: dict):
        """Build the statistics from the part ``known`` of ``onnx/inputs.json``.

        Raises
        ------
        ValueError, KeyError, TypeError
            If a value is missing or is not as expected.
        """
        numbers = {name: stated.number(given[name], name, 0, LARGEST) for name in ("threshold", "grain")}
        means, precision = np.asarray(given["means"], float), np.asarray(given["precision"], float)
        if means.shape[1:] != (FEATURES,) or not 0 < len(means) <= MOST_CLASSES:
            raise ValueError(
                f"known.means in inputs.json is not a list of 1 to {MOST_CLASSES:,} rows (one per class) of {FEATURES} means."
            )
        if precision.shape != (FEATURES, FEATURES):
            raise ValueError(
                f"known.precision in inputs.json is not an inverse covariance matrix of shape {FEATURES} × {FEATURES}."
            )
        if not all((np.abs(values) <= LARGEST).all() for values in (means, precision)):
            raise ValueError("The statistics of the training images must be finite numbers.")
        side = stated.whole(given["side"], "side", 1, 100_000)
        return cls(side=side, means=means, precision=precision, **numbers)

    def distances(self, described: np.ndarray) -> np.ndarray:
        """Return the squared distance, [N], of statistics [N, F] from the nearest class."""
        apart = described[:, np.newaxis] - self.means
        return np.einsum("ncf,fg,ncg->nc", apart, self.precision, apart).min(axis=1)

    def doubts(self, described: np.ndarray) -> list[list[str]]:
        """Return which `KINDS`, without SIZE, apply to each image, of statistics [N, F]."""
        signs = {
            BLANK: contrast(described) < LEAST_CONTRAST,
            GREY: colour(described) < LEAST_COLOUR,
            NOISE: grain(described) > self.grain,
            UNLIKE: self.distances(described) > self.threshold,
        }
        return [_worst([kind for kind, holds in signs.items() if holds[at]]) for at in range(len(described))]

    def is_other_size(self, width: int, height: int, zoom: float = 1.0) -> bool:
        """Return whether the middle square of an image is much wider or narrower than the training images.

        `zoom` is the width of one pixel on the ground in pixels of the training images, 1 if unknown.
        """
        return not 1 / SCALES <= min(width, height) * zoom / self.side <= SCALES


def statistics(pixels: np.ndarray) -> np.ndarray:
    """Describe uint8 images [N, S, S, 3] by colour and texture, float [N, 10].

    The features are the means of red, green and blue, and the logs of seven numbers: the standard deviation of
    each channel; the difference in brightness between neighbouring pixels; the deviation of brightness over
    16 × 16 blocks; the distance of the channels from the brightness; and the difference in this distance
    between neighbouring pixels. All use values from 0 to 1, and 0.02 is added before each log.
    """
    return np.stack([_of_one(picture) for picture in pixels])


def _of_one(pixels: np.ndarray) -> np.ndarray:
    # Means of squares instead of deviations take a third of the time, and are exact enough in 64 bits.
    values = np.ascontiguousarray(pixels.transpose(2, 0, 1)).astype(float) / 255
    bright = values.mean(axis=0)
    means = values.mean(axis=(1, 2))
    squares = np.square(values).mean(axis=(1, 2))
    down, across = (np.square(np.diff(bright, axis=axis)).mean() for axis in (0, 1))
    block = max(1, len(bright) // FEW)
    edge = len(bright) // block
    blocks = bright[: edge * block, : edge * block].reshape(edge, block, edge, block).mean(axis=(1, 3))
    variances = [
        *(squares - means**2),
        down + across,
        blocks.var(),
        squares.mean() - np.square(bright).mean(),
        np.square(np.diff(values, axis=2)).mean() - across,
    ]
    return np.concatenate([means, np.log(np.sqrt(np.maximum(variances, 0)) + FLOOR)])


def contrast(described: np.ndarray) -> np.ndarray:
    """Return the largest deviation of a channel, [N], of statistics [N, F]."""
    return np.exp(described[:, 3:6].max(axis=1)) - FLOOR


def colour(described: np.ndarray) -> np.ndarray:
    """Return how far the channels are from each other, [N], of statistics [N, F]: in their means or within."""
    return np.ptp(described[:, :3], axis=1) + np.exp(described[:, 8]) - FLOOR


def grain(described: np.ndarray) -> np.ndarray:
    """Return the difference between neighbouring pixels, [N], of statistics [N, F], in units of the deviation over blocks."""
    return np.exp(described[:, 6] - described[:, 7])


def _worst(kinds: list[str]) -> list[str]:
    """Drop *unlike* if another kind explains it, and every other kind for a blank image."""
    if BLANK in kinds:
        return [BLANK]
    return [kind for kind in kinds if kind != UNLIKE] or kinds
