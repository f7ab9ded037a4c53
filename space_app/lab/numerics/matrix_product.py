"""Experiment: time a matrix product in plain Python and in NumPy."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.numerics import figures
from space_app.lab.quantities import duration
from space_app.parameters import integer
from spacehub.lab import plain

LARGEST = 48
SIZES = (2, 4, 8, 16, 24, 32)


class Cost(TypedDict):
    """Run times on this machine in seconds, each the fastest of a few calls."""

    size: int
    plain_s: float
    numpy_s: float
    ratio: float
    largest_difference: float


def lab_matrix_product(
    size: Annotated[int, integer(1, LARGEST, step=1, label="Rows and columns")] = 24,
) -> Cost:
    """Multiply two square matrices in plain Python and in NumPy, and time both methods.

    Returns
    -------
    Cost
        The run times in seconds, their ratio, and the largest difference between the two products.
    """
    return _cost(size)


def view(size: int) -> View:
    """Show the run times for products of increasingly large matrices."""
    costs = [_cost(each) for each in sorted({*SIZES, size}) if each <= size]
    now = costs[-1]
    ahead = [cost["size"] for cost in costs if cost["ratio"] > 1]
    return View(
        figures=[figures.costs(costs)],
        numbers={
            "Multiplications": f"{now['size'] ** 3:,}",
            "Plain Python": duration(now["plain_s"]),
            "NumPy": duration(now["numpy_s"]),
            "Plain Python / NumPy": f"{now['ratio']:,.0f}",
            "Largest difference": f"{now['largest_difference']:.0e}",
        },
        answer=f"For {size} × {size} matrices, plain Python just took {now['ratio']:,.0f} times as long as NumPy. "
        + (
            f"NumPy is faster for matrices with at least {ahead[0]} rows."
            if ahead
            else "NumPy is not faster at any of the measured sizes."
        ),
        source=plain.matrix_product,
    )


def _cost(size: int) -> Cost:
    """Time the product of two `size` × `size` matrices with both methods."""
    a, b = np.random.default_rng(size).normal(size=(2, size, size))
    rows, columns = a.tolist(), b.tolist()
    ours = plain.seconds(lambda: plain.matrix_product(rows, columns))
    theirs = plain.seconds(lambda: a @ b, repeats=9)
    return Cost(
        size=size,
        plain_s=ours,
        numpy_s=theirs,
        ratio=ours / theirs,
        largest_difference=float(np.abs(np.array(plain.matrix_product(rows, columns)) - a @ b).max()),
    )


BENCH = Bench(
    key="matrix-product",
    question="How much slower is plain Python than NumPy at matrix multiplication?",
    words="When you move the slider, the Lab multiplies the matrices with three nested loops and with NumPy, and times both methods.",
    endpoint=lab_matrix_product,
    view=view,
)
