"""Matrix product, rotation and derivative in plain Python, and a timer for such calls."""

import math
import time
from collections.abc import Callable, Sequence

from spacehub.errors import SpaceHubError

Matrix = Sequence[Sequence[float]]


def matrix_product(a: Matrix, b: Matrix) -> list[list[float]]:
    """Return the product of two matrices, lists of rows: ``c[i][j] = sum over k of a[i][k] b[k][j]``.

    Raises
    ------
    SpaceHubError
        If a matrix is empty or ragged, or `a` does not have as many columns as `b` has rows.
    """
    for name, matrix in ("first", a), ("second", b):
        if not matrix or not matrix[0] or any(len(row) != len(matrix[0]) for row in matrix):
            raise SpaceHubError(
                f"The {name} matrix is empty or has rows of different lengths.",
                "Use rows of the same length.",
            )
    if len(a[0]) != len(b):
        raise SpaceHubError(
            f"A matrix with {len(a[0])} columns cannot be multiplied by a matrix with {len(b)} rows.",
            "The second matrix must have as many rows as the first has columns.",
        )
    columns = list(zip(*b, strict=True))
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in a]


def rotation(angle: float) -> list[list[float]]:
    """Return the matrix that rotates the plane counter-clockwise by an angle (radians)."""
    c, s = math.cos(angle), math.sin(angle)
    return [[c, -s], [s, c]]


def rotate(points: Matrix, angle: float) -> list[list[float]]:
    """Return points, rows of x and y, rotated about the origin by an angle (radians)."""
    # A row is a transposed column, so the transposed matrix comes last.
    (c, minus_s), (s, _) = rotation(angle)
    return matrix_product(points, [[c, s], [minus_s, c]])


def forward_difference(function: Callable[[float], float], x: float, step: float) -> float:
    """Return the slope from `x` to ``x + step``. Its error decreases in proportion to the step size."""
    _check_step(step)
    return (function(x + step) - function(x)) / step


def central_difference(function: Callable[[float], float], x: float, step: float) -> float:
    """Return the slope from ``x - step`` to ``x + step``. Its error decreases with the square of the step size."""
    _check_step(step)
    return (function(x + step) - function(x - step)) / (2 * step)


def _check_step(step: float) -> None:
    if not step > 0 or not math.isfinite(step):
        raise SpaceHubError(
            f"The slope cannot be computed with a step size of {step:g}.", "Choose a step size above 0."
        )


def seconds(action: Callable[[], object], *, repeats: int = 3) -> float:
    """Return the time of the fastest of `repeats` calls, because other work on the machine can only add time."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)
