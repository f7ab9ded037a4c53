"""Experiment: how far the planets move the Sun."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.many_bodies import figures
from space_app.lab.quantities import kilometres, share
from space_app.parameters import Choice, Number
from spacehub.errors import SpaceHubError
from spacehub.lab import planets
from spacehub.lab.constants import DAY, JULIAN_YEAR, SUN_RADIUS
from spacehub.lab.gravity import (
    Trajectory,
    drift,
    follow,
    mutual,
    total_angular_momentum,
    total_energy,
)
from spacehub.lab.integrators import METHODS

STEPS = 8000
# A tenth of Mercury's year of 88 days.
LONGEST_STEP = 8.8


class SolarSystemRun(TypedDict):
    """The simulation of ten bodies: the Sun's distance from the centre of mass, and the numerical drift."""

    sun_farthest_km: float
    sun_farthest_solar_radii: float
    energy_drift: float
    angular_momentum_drift: float
    steps: int
    half_step_change_km: float
    half_step_planet: str


def lab_solar_system(
    years: Annotated[
        float,
        Number(1, 100, step=1, label="Years from 2000", help="The simulation may take at most 8,000 steps."),
    ] = 24,
    step_days: Annotated[float, Number(0.5, LONGEST_STEP, step=0.1, label="Step size", unit="days")] = 5,
    method: Annotated[str, Choice(list(METHODS), label="Integrator")] = "leapfrog",
) -> SolarSystemRun:
    """Simulate the Sun and the nine bodies around it under their mutual gravity, starting in the year 2000.

    Returns
    -------
    SolarSystemRun
        The Sun's largest distance from the common centre of mass, the relative drifts, and the planet whose final
        position changes most, relative to its distance from the Sun, when the step size is halved.
    """
    gm, motion = _run(years, step_days, method)
    planet, change = _half_step_change(step_days, method, motion)
    away = np.linalg.norm(motion.position[:, :, 0], axis=1).max()
    return SolarSystemRun(
        sun_farthest_km=away / 1e3,
        sun_farthest_solar_radii=away / SUN_RADIUS,
        energy_drift=float(np.abs(drift(total_energy(gm, motion))).max()),
        angular_momentum_drift=float(np.abs(drift(total_angular_momentum(gm, motion))).max()),
        steps=len(motion.time) - 1,
        half_step_change_km=change / 1e3,
        half_step_planet=planet,
    )


def view(years: float, step_days: float, method: str) -> View:
    """Show the paths of the planets and of the Sun."""
    gm, motion = _run(years, step_days, method)
    away = np.linalg.norm(motion.position[:, :, 0], axis=1)
    planet, change = _half_step_change(step_days, method, motion)
    energy, turning = drift(total_energy(gm, motion)), drift(total_angular_momentum(gm, motion))
    when = 2000 + motion.time[away.argmax()] / JULIAN_YEAR
    return View(
        figures=[figures.planets(motion), figures.sun(motion)],
        numbers={
            "Bodies": f"{len(gm)}",
            "Steps": f"{len(motion.time) - 1:,}",
            "Energy drift": share(float(np.abs(energy).max())),
            "Angular momentum drift": share(float(np.abs(turning).max())),
            f"Shift of {planet} when the step size is halved": kilometres(change),
            "Maximum distance of the Sun from the barycentre": kilometres(away.max()),
        },
        answer=f"From 2000 to {2000 + years:.0f}, the largest distance between the Sun and the centre of mass is "
        f"{away.max() / SUN_RADIUS:.2f} solar radii, in {when:.0f}. The centre of mass is then "
        f"{'outside' if away.max() > SUN_RADIUS else 'inside'} the Sun.",
        source=mutual,
    )


def _run(years: float, step_days: float, method: str) -> tuple[np.ndarray, Trajectory]:
    """Simulate the solar system, starting at J2000."""
    steps = round(years * JULIAN_YEAR / (step_days * DAY))
    if steps > STEPS:
        raise SpaceHubError(
            f"The simulation would take {steps:,} steps ({years:g} years in steps of {step_days:g} days).",
            f"The limit is {STEPS:,} steps. Choose fewer years or a larger step size.",
        )
    gm, x, v = planets.at_j2000()
    return gm, follow(mutual, gm, x, v, step=step_days * DAY, steps=steps, method=method)


def _half_step_change(step_days: float, method: str, motion: Trajectory) -> tuple[str, float]:
    """Repeat the simulation with half the step size.

    Return the planet whose final position changes most relative to its distance, and the change (m).

    An error along the orbit hardly affects the energy, but this change reveals it.
    """
    gm, x, v = planets.at_j2000()
    steps = 2 * (len(motion.time) - 1)
    finer = follow(mutual, gm, x, v, step=step_days * DAY / 2, steps=steps, method=method)
    moved = np.linalg.norm(finer.position[-1] - motion.position[-1], axis=0)
    distance = np.linalg.norm(finer.position[-1] - finer.position[-1][:, :1], axis=0)
    worst = 1 + int((moved[1:] / distance[1:]).argmax())
    return planets.NAMES[worst], float(moved[worst])


BENCH = Bench(
    key="planets",
    question="How far do the planets move the Sun?",
    words="Ten bodies attract each other, starting from their positions in the year 2000. The initial "
    "positions come from mean orbital elements and are accurate to a few thousandths of each body's "
    "distance. A large step size shifts the inner planets along their orbits. The energy does not reveal this phase error, but a comparison with a run at half the step size does.",
    endpoint=lab_solar_system,
    view=view,
    figures=2,
)
