"""Experiment: spacecraft released around a Lagrange point of the Earth and the Moon."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.many_bodies import figures
from space_app.lab.quantities import duration, kilometres, share
from space_app.parameters import Choice, Number
from spacehub.lab import lagrange
from spacehub.lab.constants import MOON_DISTANCE

CRAFT = 12
# A spacecraft has left when it is farther away than a quarter of the Moon's distance (km).
LEFT = MOON_DISTANCE / 4e3
MONTH = 2 * np.pi * lagrange.TIME_UNIT


class LagrangeRun(TypedDict):
    """Final positions of spacecraft released around a Lagrange point. Distances are measured from the Lagrange point."""

    point_x_km: float
    point_y_km: float
    median_distance_km: float
    largest_distance_km: float
    stayed: int
    never_left: int
    hit: int
    craft: int
    jacobi_drift: float


def lab_lagrange(
    point: Annotated[str, Choice(lagrange.POINTS, label="Point")] = "L4",
    offset_km: Annotated[
        float,
        Number(
            100,
            38_000,
            step=100,
            label="Distance at release",
            unit="km",
            help="At release, the spacecraft are at rest in the rotating frame of the Earth–Moon system.",
        ),
    ] = 2000,
    months: Annotated[
        float,
        Number(
            0.5,
            12,
            step=0.25,
            label="Months",
            help="In this experiment, a month is one orbital period of the Moon (27.3 days).",
        ),
    ] = 6,
) -> LagrangeRun:
    """Release spacecraft around a Lagrange point of the Earth and the Moon, and report whether they stay.

    Returns
    -------
    LagrangeRun
        The position of the point (the centre of mass is at zero, and the Moon is on the x axis), the final
        distances of the spacecraft from the point, and the largest relative drift of Jacobi's constant. Three
        counts: spacecraft that end within 96,100 km of the point, a quarter of the Moon's distance; spacecraft
        that never went farther away; and spacecraft that hit the Earth or the Moon and stopped there.
    """
    released, away = _release(point, offset_km, months)
    place = lagrange.points(lagrange.EARTH_MOON)[point] * MOON_DISTANCE / 1e3
    return LagrangeRun(
        point_x_km=place.real,
        point_y_km=place.imag,
        median_distance_km=float(np.median(away[-1])),
        largest_distance_km=float(away[-1].max()),
        stayed=int((away[-1] <= LEFT).sum()),
        never_left=int((away <= LEFT).all(axis=0).sum()),
        hit=int(np.isfinite(released.impact).sum()),
        craft=CRAFT,
        jacobi_drift=released.jacobi_drift,
    )


def view(point: str, offset_km: float, months: float) -> View:
    """Show the spacecraft's paths in the rotating frame and their distance from the Lagrange point."""
    released, away = _release(point, offset_km, months)
    stayed, kept = int((away[-1] <= LEFT).sum()), int((away <= LEFT).all(axis=0).sum())
    places = lagrange.points(lagrange.EARTH_MOON)
    return View(
        figures=[
            figures.craft(released.position, places, months * MONTH),
            figures.distance(away, months * MONTH),
        ],
        numbers={
            f"{point} from the Earth": kilometres(abs(places[point] + lagrange.EARTH_MOON) * MOON_DISTANCE),
            f"{point} from the Moon": kilometres(
                abs(places[point] - 1 + lagrange.EARTH_MOON) * MOON_DISTANCE
            ),
            "Release distance": f"{offset_km:,.0f} km",
            f"Median final distance from {point}": kilometres(1e3 * np.median(away[-1])),
            f"Largest final distance from {point}": kilometres(1e3 * away[-1].max()),
            "Spacecraft that hit the Earth or the Moon": f"{np.isfinite(released.impact).sum()} of {away.shape[1]}",
            "Drift of Jacobi's constant": share(released.jacobi_drift),
            "Mass ratio (Moon / total mass)": f"{lagrange.EARTH_MOON:.5f}",
            "Critical mass ratio for stable L4 and L5": f"{lagrange.ROUTH:.5f}",
        },
        answer=f"{kept} of {away.shape[1]} spacecraft always {'stays' if kept == 1 else 'stay'} within {LEFT:,.0f} km of {point}. "
        f"After {duration(months * MONTH)}, {stayed} spacecraft {'is' if stayed == 1 else 'are'} within {LEFT:,.0f} km of {point}. The "
        f"median distance of all spacecraft from {point} is then {kilometres(1e3 * np.median(away[-1]))}.",
        source=lagrange.acceleration,
    )


def _release(point: str, offset_km: float, months: float) -> tuple[lagrange.Released, np.ndarray]:
    """Return the outcome for each spacecraft and its distances (km) from the Lagrange point."""
    released = lagrange.release(point, offset=offset_km * 1e3 / MOON_DISTANCE, turns=months, craft=CRAFT)
    place = lagrange.points(lagrange.EARTH_MOON)[point]
    return released, np.abs(released.position - place) * MOON_DISTANCE / 1e3


BENCH = Bench(
    key="lagrange",
    question="Near which Lagrange points does a spacecraft stay?",
    words="The Earth and the Moon move in circles, and the figures are drawn in the rotating frame. Twelve spacecraft "
    "are released around an equilibrium point. Spacecraft released within a few thousand kilometres of L4 or L5 "
    "stay near that point. All spacecraft leave L1 and L2 within weeks, and L3 within months. Some spacecraft return later, "
    "and some hit the Earth or the Moon.",
    endpoint=lab_lagrange,
    view=view,
    figures=2,
    queue={"concurrency_id": "lab-heavy", "concurrency_limit": 1},
)
