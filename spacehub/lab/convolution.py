"""Convolution by hand: a kernel slid over a picture, pooling, and how much of the picture a number then comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError

MAX, MEAN = "maximum", "mean"
POOLS = (MAX, MEAN)


def slide(pictures: np.ndarray, kernels: np.ndarray, *, stride: int = 1, padding: int = 0) -> np.ndarray:
    """Slide kernels [F, C, h, w] over pictures [C, H, W]; return maps [F, H', W'].

    At each place a kernel lies on a window of the same size; the products of what lies on each other are added up. As in
    every network's library the kernel is not turned first, so that in signal processing this is called correlation
    (Goodfellow, Bengio and Courville, Deep Learning, 2016, 9.1).

    Parameters
    ----------
    stride : int
        Pixels from a window to the next.
    padding : int
        Rows and columns of zeros that are laid around the pictures.

    Raises
    ------
    SpaceHubError
        When the kernel does not fit in, or a number is out of range.
    """
    side = output_size(pictures.shape[1], kernels.shape[2], stride=stride, padding=padding)
    other = output_size(pictures.shape[2], kernels.shape[3], stride=stride, padding=padding)
    around = (padding, padding)
    wide = np.pad(pictures, ((0, 0), around, around))
    maps = np.zeros((len(kernels), side, other), np.result_type(pictures, kernels))
    # For each place in the kernel all windows at once: no loop over pixels.
    for row, column in np.ndindex(kernels.shape[2:]):
        under = wide[:, row::stride, column::stride][:, :side, :other]
        maps += np.tensordot(kernels[:, :, row, column], under, axes=1)
    return maps


def output_size(size: int, kernel: int, *, stride: int = 1, padding: int = 0) -> int:
    """Return how many places a kernel has along a side: ``(size + 2 padding - kernel) // stride + 1``.

    Dumoulin and Visin, A guide to convolution arithmetic, 2016, relationship 6.

    Raises
    ------
    SpaceHubError
        When there is none, or a number is out of range.
    """
    if stride < 1 or padding < 0 or kernel < 1:
        raise SpaceHubError(
            f"A kernel of {kernel} with stride {stride} and padding {padding} cannot be slid.",
            "Use a kernel and a stride of 1 or more, and a padding of 0 or more.",
        )
    places = (size + 2 * padding - kernel) // stride + 1
    if places < 1:
        raise SpaceHubError(
            f"A kernel of {kernel} does not fit on {size} pixels with a padding of {padding}.",
            "Use a smaller kernel, more padding, or a larger picture.",
        )
    return places


def pool(maps: np.ndarray, size: int, how: str = MAX) -> np.ndarray:
    """Return of each `size` x `size` block of maps [F, H, W] the largest number or the mean, [F, H', W'].

    What does not fill a block at the lower and right edge is left out.

    Raises
    ------
    SpaceHubError
        When there is no such way, or no whole block.
    """
    if how not in POOLS:
        raise SpaceHubError(f"There is no pooling by {how!r}.", f"Use one of: {', '.join(POOLS)}.")
    if size < 1 or size > min(maps.shape[1:]):
        raise SpaceHubError(
            f"Blocks of {size} cannot be pooled of a map of {maps.shape[2]} × {maps.shape[1]}.",
            "Use smaller blocks, from 1.",
        )
    down, across = maps.shape[1] // size, maps.shape[2] // size
    blocks = maps[:, : down * size, : across * size].reshape(len(maps), down, size, across, size)
    return blocks.max(axis=(2, 4)) if how == MAX else blocks.mean(axis=(2, 4))


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A convolution or a pooling: the side of its window, and its stride."""

    kernel: int
    stride: int = 1


def receptive_field(layers: Sequence[Layer]) -> list[int]:
    """Return after each layer from how many of the picture's pixels, along a side, one number comes.

    With each layer it grows by ``(kernel - 1)`` times the product of all strides before it. Araujo, Norris and Sim,
    Computing Receptive Fields of Convolutional Neural Networks, Distill 2019, equation 2.
    """
    field, jump, fields = 1, 1, []
    for layer in layers:
        field += (layer.kernel - 1) * jump
        jump *= layer.stride
        fields.append(field)
    return fields
