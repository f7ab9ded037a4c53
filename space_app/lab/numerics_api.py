"""The endpoints of the Lab's derivative, matrix product and rotation in plain Python."""

import math
from collections.abc import Callable
from typing import TypedDict

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab import plain

# A function, its derivative, and how both are written.
FUNCTIONS = {
    "sin x": (math.sin, math.cos, "cos x"),
    "exp x": (math.exp, math.exp, "exp x"),
    "x³": (lambda x: x**3, lambda x: 3 * x**2, "3 x²"),
}
DIFFERENCES = {"forward": plain.forward_difference, "central": plain.central_difference}
STEPS = 10.0 ** np.arange(-16, 0.01, 0.25)
LARGEST = 48
# The outline of a rocket, nose up.
ROCKET = [
    [0.0, 1.6], [0.25, 1.2], [0.3, 0.8], [0.3, -0.6], [0.65, -1.1], [0.3, -1.0],
    [-0.3, -1.0], [-0.65, -1.1], [-0.3, -0.6], [-0.3, 0.8], [-0.25, 1.2], [0.0, 1.6],
]  # fmt: skip


class Derivative(TypedDict):
    """A numerical derivative beside the true one; the best step is the tried one with the least error."""

    estimate: float
    true: float
    error: float
    best_step: float
    best_error: float


class Cost(TypedDict):
    """Seconds that a call took on this machine just now, the quickest of three."""

    size: int
    plain_s: float
    numpy_s: float
    ratio: float
    largest_difference: float


def lab_derivative(
    function: str = "sin x", x: float = 1, step: float = 1e-5, difference: str = "central"
) -> Derivative:
    """Take a derivative by a difference quotient, and tell how far it is off.

    Parameters
    ----------
    function : str
        One of: sin x, exp x, x³.
    x : float
        Where, from -10 to 10.
    step : float
        Width of the difference, above zero.
    difference : str
        Which quotient, forward or central.

    Returns
    -------
    Derivative
        The estimate, the analytic derivative and the error; and the best of the steps 1e-16 to 1.
    """
    f, slope, _ = known_function(function, x)
    if difference not in DIFFERENCES:
        raise SpaceHubError(f"There is no difference {difference!r}.", "Choose forward or central.")
    estimate = DIFFERENCES[difference](f, x, step)
    errors = difference_errors(f, slope, x)[difference]
    return Derivative(
        estimate=estimate,
        true=slope(x),
        error=abs(estimate - slope(x)),
        best_step=float(STEPS[errors.argmin()]),
        best_error=float(errors.min()),
    )


def lab_matrix_product(size: int = 24) -> Cost:
    """Multiply two square matrices in plain Python and in NumPy, and tell what each took just now.

    Parameters
    ----------
    size : int
        Rows and columns, from 1 to 48.

    Returns
    -------
    Cost
        Seconds of both, their ratio, and the largest difference of the two products.
    """
    return product_cost(size)


def lab_rotation(degrees: float = 30, times: int = 12) -> list[list[float]]:
    """Turn the outline of a rocket by an angle, again and again, in plain Python.

    Parameters
    ----------
    degrees : float
        The angle of one turn, against the clock.
    times : int
        How many turns, from 1 to 360.

    Returns
    -------
    list of list of float
        The outline's points, x and y, after the last turn.
    """
    return turned_outlines(degrees, times)[-1]


def known_function(name: str, x: float) -> tuple[Callable, Callable, str]:
    """Return a function, its derivative and how that is written, or say which functions there are."""
    if name not in FUNCTIONS:
        raise SpaceHubError(f"There is no function {name!r}.", f"Choose one of: {', '.join(FUNCTIONS)}.")
    if not abs(x) <= 10:
        raise SpaceHubError(f"x = {x:g} is out of range.", "Choose x from -10 to 10.")
    return FUNCTIONS[name]


def difference_errors(f: Callable, slope: Callable, x: float) -> dict[str, np.ndarray]:
    """Return the error of each difference at every step of `STEPS`."""
    return {
        name: np.array([abs(difference(f, x, step) - slope(x)) for step in STEPS.tolist()])
        for name, difference in DIFFERENCES.items()
    }


def product_cost(size: int) -> Cost:
    """Time a product of two square matrices of `size` rows both ways."""
    if not 1 <= size <= LARGEST:
        raise SpaceHubError(f"A matrix of {size:g} rows is out of range.", f"Choose from 1 to {LARGEST}.")
    a, b = np.random.default_rng(int(size)).normal(size=(2, int(size), int(size)))
    rows, columns = a.tolist(), b.tolist()
    ours = plain.seconds(lambda: plain.matrix_product(rows, columns))
    theirs = plain.seconds(lambda: a @ b, repeats=9)
    return Cost(
        size=int(size),
        plain_s=ours,
        numpy_s=theirs,
        ratio=ours / theirs,
        largest_difference=float(np.abs(np.array(plain.matrix_product(rows, columns)) - a @ b).max()),
    )


def turned_outlines(degrees: float, times: int) -> list[list[list[float]]]:
    """Return the rocket at the start and after each turn."""
    if not 1 <= times <= 360 or not abs(degrees) <= 360:
        raise SpaceHubError(
            f"{times:g} turns of {degrees:g}° are out of range.", "Choose from 1 to 360 turns of up to 360°."
        )
    outlines = [ROCKET]
    for _ in range(int(times)):
        outlines.append(plain.rotate(outlines[-1], math.radians(degrees)))
    return outlines
