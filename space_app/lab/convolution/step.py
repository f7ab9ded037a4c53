"""Experiment: a convolution step by step, over a few pixels or a table of numbers."""

from typing import Annotated

import numpy as np

from space_app.lab.convolution import figures
from space_app.lab.convolution.kernels import FIRST_KERNEL, KernelName, TypedKernel, grey, written
from space_app.lab.frame import Bench, View
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import Picture
from space_app.parameters import List, Number, integer
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import convolution as lab
from spacehub.lab.convolution_kernels import LARGEST, LIMIT
from spacehub.lab.convolution_kernels import kernel as find_kernel
from spacehub.serving.words import plain

MOST_ROWS = 128
# This many pixels, from the centre of the image scaled to this size, are shown individually.
CELLS, CELLS_OF = 8, 64


def _table(label: str, most: int) -> List:
    """Return the definition of a table of numbers with at most the given number of rows and columns."""
    row = List(Number(-LIMIT, LIMIT, label="Number"), 1, most, label="Row")
    return List(row, 1, most, label=label, help="All rows must have the same length.")


def lab_convolve(
    rows: Annotated[list[list[float]], _table("Table", MOST_ROWS)],
    kernel: Annotated[list[list[float]], _table("Kernel", LARGEST)],
    stride: Annotated[int, integer(1, MOST_ROWS, label="Stride")] = 1,
    padding: Annotated[int, integer(0, LARGEST, label="Padding with zeros")] = 0,
) -> list[list[float]]:
    """Convolve a table of numbers with a kernel. As in neural networks, the kernel is not flipped."""
    table, weights = _even(rows, "rows"), _even(kernel, "kernel")
    maps = lab.slide(table[np.newaxis], weights[np.newaxis, np.newaxis], stride=stride, padding=padding)
    return maps[0].tolist()


def _even(rows: list[list[float]], name: str) -> np.ndarray:
    if len(set(map(len, rows))) > 1:
        raise SpaceHubError(
            f"The rows of the parameter {name} differ in length.", "Use rows of the same length."
        )
    return np.array(rows, dtype=float)


def view(
    watch: Watch,
    kernel_name: KernelName = FIRST_KERNEL,
    kernel_typed: TypedKernel = "",
    picture: Picture = "Residential",
    stride: Annotated[int, integer(1, 4, step=1, label="Stride")] = 1,
    padding: Annotated[int, integer(0, 1, step=1, label="Padding with zeros")] = 0,
) -> View:
    """Show how a kernel slides over a few pixels of an image."""
    weights = find_kernel(kernel_name, kernel_typed)
    whole = grey(picture_choice.read(watch, picture, longest=CELLS_OF))[0]
    top, left = (whole.shape[0] - CELLS) // 2, (whole.shape[1] - CELLS) // 2
    few = np.rint(whole[top : top + CELLS, left : left + CELLS])
    output = lab.slide(few[np.newaxis], weights[np.newaxis, np.newaxis], stride=stride, padding=padding)[0]
    row, column = np.unravel_index(np.abs(output).argmax(), output.shape)
    products = output.size * weights.size
    return View(
        figures=[figures.way(np.pad(few, padding), weights, output, stride=stride)],
        numbers={
            "Pixels, in grey levels": f"{CELLS} × {CELLS}",
            "Kernel": written(weights),
            "Positions across": f"({CELLS} + 2·{padding} − {weights.shape[1]}) // {stride} + 1 = {output.shape[1]}",
            "Multiplications": f"{output.size} · {weights.size} = {products:,}",
        },
        answer=f"Each output value is a sum of {weights.size} products, so the {output.shape[1]} × {output.shape[0]} "
        f"output values require {products:,} multiplications. The strongest response is "
        f"{plain(float(output[row, column]))}, in row {row + 1}, column {column + 1}.",
        source=lab.slide,
        extra=picture_choice.provenance(watch, picture),
    )


BENCH = Bench(
    key="convolution-step",
    question="How much computation does one value in a feature map require?",
    words="The kernel covers a window of the image. Each weight of the kernel is multiplied by the pixel that it covers, and the products are added up. Then the kernel moves to the next window. Press ▶, or type your own kernel.",
    endpoint=lab_convolve,
    view=view,
)
