"""Experiment: how an outline changes over many small rotations."""

import math
from typing import Annotated

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.numerics import figures
from space_app.lab.quantities import duration
from space_app.parameters import Number, integer
from spacehub.lab import plain

# The outline of a rocket, nose up.
ROCKET = [
    [0.0, 1.6], [0.25, 1.2], [0.3, 0.8], [0.3, -0.6], [0.65, -1.1], [0.3, -1.0],
    [-0.3, -1.0], [-0.65, -1.1], [-0.3, -0.6], [-0.3, 0.8], [-0.25, 1.2], [0.0, 1.6],
]  # fmt: skip


def lab_rotation(
    degrees: Annotated[
        float, Number(-360, 360, step=1, label="One rotation", unit="degrees", help="Counter-clockwise.")
    ] = 30,
    times: Annotated[int, integer(1, 360, step=1, label="Rotations")] = 12,
) -> list[list[float]]:
    """Rotate the outline of a rocket several times by the same angle, in plain Python.

    Returns
    -------
    list of list of float
        The x and y of the outline's points after the last rotation.
    """
    return _outlines(degrees, times)[-1]


def view(degrees: float, times: int) -> View:
    """Show the outline before, during and after the rotations."""
    outlines = _outlines(degrees, times)
    once = np.array(ROCKET) @ np.array(plain.rotation(math.radians(degrees * times))).T
    last = np.array(outlines[-1])
    off = np.abs(last - once).max()
    angle = math.radians(degrees)
    ours = plain.seconds(lambda: plain.rotate(ROCKET, angle))
    points, matrix = np.array(ROCKET), np.array(plain.rotation(angle)).T
    theirs = plain.seconds(lambda: points @ matrix, repeats=9)
    length = np.abs(np.linalg.norm(last, axis=1) / np.linalg.norm(np.array(ROCKET), axis=1) - 1).max()
    return View(
        figures=[figures.rocket(outlines)],
        numbers={
            "Total rotation": f"{degrees * times:,.0f}°",
            "Determinant": f"{np.linalg.det(matrix):.12g}",
            "Largest change in length": f"{length:.0e}",
            "Plain Python, one rotation": duration(ours),
            "NumPy, one rotation": duration(theirs),
        },
        answer=f"The result of {times} rotations of {degrees:g}° differs by at most {off:.0e} from one rotation "
        f"of {degrees * times:,.0f}°. A rotation preserves lengths, here to within {length:.0e}.",
        source=plain.rotate,
    )


def _outlines(degrees: float, times: int) -> list[list[list[float]]]:
    """Return the rocket's outline at the start and after each rotation."""
    outlines = [ROCKET]
    for _ in range(times):
        outlines.append(plain.rotate(outlines[-1], math.radians(degrees)))
    return outlines


BENCH = Bench(
    key="rotation",
    question="How much does an outline change after many small rotations?",
    words="A 2 × 2 matrix repeatedly rotates the outline of a rocket.",
    endpoint=lab_rotation,
    view=view,
)
