"""The three channels of an image, and how much information each adds to the others."""

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.segmentation_colour import LAB, RGB, colours

SPACES = {RGB: ("red", "green", "blue"), LAB: ("L*, lightness", "a*, green to red", "b*, blue to yellow")}


def channels(rgb: np.ndarray, space: str) -> np.ndarray:
    """Return the three channels of an image (uint8 [h, w, 3]) in a colour space, float [h, w, 3].

    Raises
    ------
    SpaceHubError
        If the colour space is not one of `SPACES`.
    """
    if space not in SPACES:
        raise SpaceHubError(f"Unknown colour space: {space!r}.", f"Choose one of: {', '.join(SPACES)}.")
    return colours(rgb, space)


def correlations(values: np.ndarray) -> np.ndarray:
    """Return Pearson's correlations between the three channels, float [3, 3]; 0 for a constant channel."""
    rows = values.reshape(-1, 3).T
    apart = rows - rows.mean(axis=1, keepdims=True)
    length = np.sqrt((apart**2).sum(axis=1))
    unit = np.divide(apart, length[:, None], out=np.zeros_like(apart), where=length[:, None] > 0)
    return unit @ unit.T


def overlap(values: np.ndarray) -> float:
    """Return the mean of the three absolute correlations: 1 if redundant, 0 if uncorrelated."""
    strengths = np.abs(correlations(values))
    return float(strengths[np.triu_indices(3, 1)].mean())
