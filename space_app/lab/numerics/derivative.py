"""Experiment: how the step size of a difference quotient affects its error."""

import math
from collections.abc import Callable
from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.numerics import figures
from space_app.parameters import Choice, Number
from spacehub.lab import plain

# A function, its derivative, and the formula of the derivative.
FUNCTIONS = {
    "sin x": (math.sin, math.cos, "cos x"),
    "exp x": (math.exp, math.exp, "exp x"),
    "x³": (lambda x: x**3, lambda x: 3 * x**2, "3 x²"),
}
DIFFERENCES = {"forward": plain.forward_difference, "central": plain.central_difference}
STEPS = 10.0 ** np.arange(-16, 0.01, 0.25)


class Derivative(TypedDict):
    """A numerical derivative and the exact derivative. The best step size has the smallest error."""

    estimate: float
    true: float
    error: float
    best_step: float
    best_error: float


def lab_derivative(
    function: Annotated[str, Choice(list(FUNCTIONS), label="Function")] = "sin x",
    x: Annotated[float, Number(-10, 10, step=0.1, label="x")] = 1,
    step: Annotated[
        float,
        Number(
            1e-16,
            1,
            label="Step size",
            help="The step size of the difference quotient. The page shows the step size as its base-10 logarithm.",
        ),
    ] = 1e-4,
    difference: Annotated[str, Choice(list(DIFFERENCES), label="Difference quotient")] = "central",
) -> Derivative:
    """Compute a derivative by a difference quotient, and its error.

    Returns
    -------
    Derivative
        The estimate, the analytic derivative, the error, and the best step size from 1e-16 to 1.
    """
    f, slope, _ = FUNCTIONS[function]
    estimate = DIFFERENCES[difference](f, x, step)
    errors = _errors(f, slope, x)[difference]
    return Derivative(
        estimate=estimate,
        true=slope(x),
        error=abs(estimate - slope(x)),
        best_step=float(STEPS[errors.argmin()]),
        best_error=float(errors.min()),
    )


def view(
    function: str,
    x: float,
    power: Annotated[float, Number(-16, 0, step=0.25, label="Step size (log10)")] = -4,
) -> View:
    """Show the error of both difference quotients against the step size."""
    f, slope, written = FUNCTIONS[function]
    step, errors = 10.0**power, _errors(f, slope, x)
    here = {kind: abs(quotient(f, x, step) - slope(x)) for kind, quotient in DIFFERENCES.items()}
    best = {kind: STEPS[values.argmin()] for kind, values in errors.items()}
    return View(
        figures=[figures.errors(STEPS, errors, step, here)],
        numbers={
            f"Derivative, {written}": f"{slope(x):.12g}",
            "Forward difference": f"{plain.forward_difference(f, x, step):.12g}",
            "Central difference": f"{plain.central_difference(f, x, step):.12g}",
            "Error, forward": f"{here['forward']:.1e}",
            "Error, central": f"{here['central']:.1e}",
            "Best step size, forward": f"{best['forward']:.1e}",
            "Best step size, central": f"{best['central']:.1e}",
        },
        answer=f"The best step size is about {best['central']:.0e} for the central difference (error: "
        f"{errors['central'].min():.0e}) and about {best['forward']:.0e} for the forward difference (error: "
        f"{errors['forward'].min():.0e}).",
        source=plain.central_difference,
    )


def _errors(f: Callable, slope: Callable, x: float) -> dict[str, np.ndarray]:
    """Return the error of each difference quotient at every step size in `STEPS`."""
    return {
        name: np.array([abs(quotient(f, x, step) - slope(x)) for step in STEPS.tolist()])
        for name, quotient in DIFFERENCES.items()
    }


BENCH = Bench(
    key="derivative",
    question="Which step size gives the most accurate derivative?",
    words="On the right of the figure, the step size is too large, and the truncation error dominates. The truncation error is proportional to the step size (forward difference) or to its square (central difference). On the left of the figure, the round-off error dominates, because the two function values differ only in their last digits.",
    endpoint=lab_derivative,
    view=view,
)
