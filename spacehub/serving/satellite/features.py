"""Describe an image by a few numbers, to measure whether visitors' images differ from the training images."""

import numpy as np

from spacehub.serving.satellite.doubts import FLOOR, contrast

# The inner edges of each number's bins, for satellite and aerial images.
EDGES: dict[str, tuple[float, ...]] = {
    "brightness": (0.22, 0.28, 0.33, 0.38, 0.43, 0.48, 0.53, 0.6),
    "contrast": (0.01, 0.035, 0.06, 0.085, 0.115, 0.15, 0.19, 0.24),
    "sharpness": (0.01, 0.02, 0.035, 0.05, 0.07, 0.095, 0.125, 0.16),
    "red": (0.22, 0.25, 0.28, 0.31, 0.33, 0.35, 0.38),
    "green": (0.31, 0.32, 0.33, 0.34, 0.35, 0.37),
    "blue": (0.29, 0.31, 0.33, 0.35, 0.37, 0.4, 0.44),
    "shorter_side": (32, 48, 96, 192, 384, 768, 1536),
}


def describe(statistics: np.ndarray, sides: np.ndarray) -> list[dict[str, float]]:
    """Describe N images; NaN if a number has no meaning for an image.

    Parameters
    ----------
    statistics : array of float, (N, F)
        What `doubts.statistics` returns for the images as the model sees them.
    sides : array of int, (N,)
        The shorter side of each image before it was resized, in pixels.

    Returns
    -------
    list of dict of str to float
        By the names of `EDGES`: mean brightness; deviation of the channel that varies most; root mean square
        difference between neighbouring pixels, all for values from 0 to 1; and the share of each colour in the
        brightness.
    """
    colours = statistics[:, :3]
    with np.errstate(invalid="ignore"):  # a black image has no colour
        red, green, blue = (colours / colours.sum(axis=1, keepdims=True)).T
    numbers = {
        "brightness": colours.mean(axis=1),
        "contrast": contrast(statistics),
        "sharpness": np.exp(statistics[:, 6]) - FLOOR,
        "red": red,
        "green": green,
        "blue": blue,
        "shorter_side": sides,
    }
    return [{name: float(values[row]) for name, values in numbers.items()} for row in range(len(statistics))]
