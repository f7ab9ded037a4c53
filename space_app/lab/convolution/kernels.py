"""The kernel parameters of the Convolution experiment, and the greyscale image that the kernel slides over."""

from typing import Annotated

import numpy as np

from space_app.parameters import Choice, Text
from spacehub.lab.convolution_kernels import HOW, KERNELS
from spacehub.serving.words import plain

FIRST_KERNEL = "Sobel, left to right"

KernelName = Annotated[str, Choice(list(KERNELS), listed=True, label="Kernel")]
TypedKernel = Annotated[str, Text(600, label="Or type a kernel and press Enter", help=HOW)]


def grey(picture: np.ndarray) -> np.ndarray:
    """Convert an image (uint8 [H, W, 3]) to grey levels (float [1, H, W], 0 to 255), using the ITU-R BT.601 weights."""
    return (picture @ np.array([0.299, 0.587, 0.114]))[np.newaxis]


def written(weights: np.ndarray) -> str:
    """Describe a kernel's size and sum in words."""
    return f"{weights.shape[1]} × {weights.shape[0]}, sum of weights {plain(float(weights.sum()))}"
