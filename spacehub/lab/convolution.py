"""Convolution from scratch: sliding a kernel over an image, pooling, and the receptive field."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError

MAX, MEAN = "maximum", "mean"
POOLS = (MAX, MEAN)


def slide(pictures: np.ndarray, kernels: np.ndarray, *, stride: int = 1, padding: int = 0) -> np.ndarray:
    """Slide kernels [F, C, h, w] over images [C, H, W], and return feature maps [F, H', W'].

    At each position, a kernel covers a window of its own size. Each number of the kernel is multiplied by the pixel
    below it, and the products are added up. As in every network library, the kernel is not flipped first, so signal
    processing calls this correlation (Goodfellow, Bengio and Courville, Deep Learning, 2016, 9.1).

    Parameters
    ----------
    stride : int
        Pixels from one window to the next.
    padding : int
        Rows and columns of zeros added around the images.

    Raises
    ------
    SpaceHubError
        If the kernel does not fit, or a number is out of range.
    """
    side = output_size(pictures.shape[1], kernels.shape[2], stride=stride, padding=padding)
    other = output_size(pictures.shape[2], kernels.shape[3], stride=stride, padding=padding)
    around = (padding, padding)
    wide = np.pad(pictures, ((0, 0), around, around))
    maps = np.zeros((len(kernels), side, other), np.result_type(pictures, kernels))
    # For each place in the kernel, all windows at once: no loop over pixels.
    for row, column in np.ndindex(kernels.shape[2:]):
        under = wide[:, row::stride, column::stride][:, :side, :other]
        maps += np.tensordot(kernels[:, :, row, column], under, axes=1)
    return maps


def output_size(size: int, kernel: int, *, stride: int = 1, padding: int = 0) -> int:
    """Return the number of positions of a kernel along a side: ``(size + 2 padding - kernel) // stride + 1``.

    Dumoulin and Visin, A guide to convolution arithmetic, 2016, relationship 6.

    Raises
    ------
    SpaceHubError
        If the kernel does not fit anywhere, or a number is out of range.
    """
    if stride < 1 or padding < 0 or kernel < 1:
        raise SpaceHubError(
            f"The kernel size ({kernel}), the stride ({stride}) or the padding ({padding}) is out of range.",
            "Choose a kernel size and a stride of at least 1, and a padding of at least 0.",
        )
    places = (size + 2 * padding - kernel) // stride + 1
    if places < 1:
        raise SpaceHubError(
            f"A kernel of size {kernel} does not fit into {size} pixels with a padding of {padding}.",
            "Choose a smaller kernel, more padding, or a larger image.",
        )
    return places


def pool(maps: np.ndarray, size: int, how: str = MAX) -> np.ndarray:
    """Return the maximum or mean of each `size` × `size` block of maps [F, H, W], as [F, H', W'].

    Incomplete blocks at the bottom and right edges are left out.

    Raises
    ------
    SpaceHubError
        If the kind of pooling is unknown, or there is no complete block.
    """
    if how not in POOLS:
        raise SpaceHubError(f"Unknown type of pooling: {how!r}.", f"Choose one of: {', '.join(POOLS)}.")
    if size < 1 or size > min(maps.shape[1:]):
        raise SpaceHubError(
            f"A map of {maps.shape[2]} × {maps.shape[1]} values cannot be pooled with a window size of {size}.",
            f"Choose a window size from 1 to {min(maps.shape[1:])}.",
        )
    down, across = maps.shape[1] // size, maps.shape[2] // size
    blocks = maps[:, : down * size, : across * size].reshape(len(maps), down, size, across, size)
    return blocks.max(axis=(2, 4)) if how == MAX else blocks.mean(axis=(2, 4))


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A convolution or pooling layer: the side of its window, and its stride."""

    kernel: int
    stride: int = 1


def receptive_field(layers: Sequence[Layer]) -> list[int]:
    """Return each layer's receptive field: the side length, in pixels, of the square that one value depends on.

    Each layer adds ``(kernel - 1)`` times the product of all previous strides. Araujo, Norris and Sim,
    Computing Receptive Fields of Convolutional Neural Networks, Distill 2019, equation 2.
    """
    field, jump, fields = 1, 1, []
    for layer in layers:
        field += (layer.kernel - 1) * jump
        jump *= layer.stride
        fields.append(field)
    return fields
