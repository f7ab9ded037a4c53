"""Experiment: convolve a whole image and pool the result."""

from dataclasses import dataclass
from typing import Annotated, TypedDict

import numpy as np
from gradio import FileData
from PIL import Image

from space_app.lab.convolution.kernels import FIRST_KERNEL, KernelName, TypedKernel, grey, written
from space_app.lab.frame import Bench, View
from space_app.lab.provenance import Source
from space_app.lab.quantities import share
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import PLAIN, OwnPicture, Picture
from space_app.lab.shared.picture_figures import pictures, signed
from space_app.parameters import Choice, integer
from space_app.scratch import scratch
from space_app.watch import Watch
from spacehub.lab import convolution as lab
from spacehub.lab.convolution import POOLS, Layer
from spacehub.lab.convolution_kernels import LARGEST, kernel

NO_POOL = "none"
# The maximum number of pixels per side.
LONGEST = 384


class Convolved(TypedDict):
    """An image convolved with a kernel; `map` is a PNG, with positive values in orange and negative values in blue.

    `largest` is the largest absolute value in grey levels. `half_in` is the smallest fraction of positions that
    hold half of the sum of squares. `field` is the side, in pixels, of the square that one value depends on.
    """

    size: list[int]
    largest: float
    half_in: float
    field: int
    multiplications: int
    map: FileData
    source: Source | None


def lab_convolve_picture(
    watch: Watch,
    picture: Picture = PLAIN,
    kernel_name: KernelName = FIRST_KERNEL,
    kernel_typed: TypedKernel = "",
    stride: Annotated[int, integer(1, 8, step=1, label="Stride")] = 1,
    padding: Annotated[int, integer(0, LARGEST, step=1, label="Padding with zeros")] = 0,
    pool_by: Annotated[str, Choice([NO_POOL, *POOLS], label="Pooling by")] = NO_POOL,
    pool_size: Annotated[int, integer(2, 16, step=1, label="Pooling window size")] = 2,
    file: OwnPicture = None,
) -> Convolved:
    """Convolve a greyscale image with a kernel, and pool the result. Each side is at most 384 pixels."""
    convolved = _convolve(
        watch, picture, file, kernel_name, kernel_typed, stride, padding, pool_by, pool_size
    )
    path = scratch() / "map.png"
    Image.fromarray(signed(convolved.map)).save(path)
    return Convolved(
        size=list(convolved.map.shape),
        largest=float(np.abs(convolved.map).max()),
        half_in=convolved.half_in,
        field=convolved.field,
        multiplications=convolved.multiplications,
        map=FileData(path=str(path)),
        source=picture_choice.source(watch, picture, file),
    )


def view(
    watch: Watch,
    picture: str,
    file: str | None,
    kernel_name: str,
    kernel_typed: str,
    stride: int,
    padding: int,
    pool_by: str,
    pool_size: int,
) -> View:
    """Show the greyscale image and the result of the convolution."""
    convolved = _convolve(
        watch, picture, file, kernel_name, kernel_typed, stride, padding, pool_by, pool_size
    )
    few, values = convolved.half_in, convolved.map
    return View(
        figures=[
            pictures(
                ("the image in grey", _as_grey(grey(convolved.picture)[0])),
                ("the result", _drawn(values, convolved.weights)),
            )
        ],
        numbers={
            "Image": f"{convolved.picture.shape[1]} × {convolved.picture.shape[0]}",
            "Result": f"{values.shape[1]} × {values.shape[0]}",
            "Kernel": written(convolved.weights),
            "Multiplications": f"{convolved.multiplications:,}",
            "Receptive field": f"{convolved.field} pixels along a side",
            "Lowest and highest": f"{values.min():,.0f} and {values.max():,.0f} grey levels",
            "Smallest share of pixels that together have half of the response's energy": share(few),
        },
        answer=f"Half of the filter response's energy (sum of squares) comes from {share(few)} of the pixels. The "
        f"strongest response is {np.abs(values).max():,.0f} grey levels.",
        source=lab.slide,
        extra=picture_choice.provenance(watch, picture, file),
    )


@dataclass(frozen=True, kw_only=True)
class _Map:
    """The result `map` (float [H', W']) of a kernel [h, w] on an image (uint8 [H, W, 3]), after pooling.

    `field` is the number of pixels, along the kernel's longer side, that one value depends on.
    """

    picture: np.ndarray
    weights: np.ndarray
    map: np.ndarray
    field: int
    multiplications: int

    @property
    def half_in(self) -> float:
        """The smallest fraction of output positions that together account for half of the sum of squared values."""
        squares = np.sort((self.map**2).ravel())[::-1].cumsum()
        return float((np.searchsorted(squares, squares[-1] / 2) + 1) / len(squares))


def _convolve(
    watch: Watch,
    picture: str,
    file: str | None,
    kernel_name: str,
    kernel_typed: str,
    stride: int,
    padding: int,
    pool_by: str,
    pool_size: int,
) -> _Map:
    """Convolve a greyscale image with a kernel, and pool the result."""
    weights = kernel(kernel_name, kernel_typed)
    seen = picture_choice.read(watch, picture, file, longest=LONGEST)
    maps = lab.slide(grey(seen), weights[np.newaxis, np.newaxis], stride=stride, padding=padding)
    products, layers = maps.size * weights.size, [Layer(kernel=max(weights.shape), stride=stride)]
    if pool_by != NO_POOL:
        maps = lab.pool(maps, pool_size, pool_by)
        layers.append(Layer(kernel=pool_size, stride=pool_size))
    return _Map(
        picture=seen,
        weights=weights,
        map=maps[0],
        field=lab.receptive_field(layers)[-1],
        multiplications=products,
    )


def _drawn(convolved: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Draw the result in grey if the kernel preserves brightness; otherwise, colour it by sign."""
    return signed(convolved) if abs(weights.sum() - 1) > 1e-6 else _as_grey(convolved)


def _as_grey(values: np.ndarray) -> np.ndarray:
    return np.repeat(np.rint(values.clip(0, 255)).astype(np.uint8)[..., np.newaxis], 3, axis=2)


BENCH = Bench(
    key="convolution-picture",
    question="How many pixels hold half of an image's edge strength?",
    words="The kernel slides over a whole image. Orange marks values above zero, and blue marks values "
    "below zero. Pooling reduces each block to one number.",
    endpoint=lab_convolve_picture,
    view=view,
)
