"""The endpoints of the Lab's the solar system, and craft at a Lagrange point."""

from typing import TypedDict

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab import lagrange, planets
from spacehub.lab.constants import DAY, JULIAN_YEAR, MOON_DISTANCE, SUN_RADIUS
from spacehub.lab.gravity import (
    Trajectory,
    drift,
    follow,
    mutual,
    total_angular_momentum,
    total_energy,
)

STEPS, CRAFT = 8000, 12
# A craft has left its point when it is a quarter of the Moon's distance away, km.
LEFT = MOON_DISTANCE / 4e3


class SolarSystemRun(TypedDict):
    """What ten bodies did: the Sun's distance from their common centre, and how well they were followed."""

    sun_farthest_km: float
    sun_farthest_solar_radii: float
    energy_drift: float
    angular_momentum_drift: float
    steps: int
    half_step_change_km: float
    half_step_planet: str


class LagrangeRun(TypedDict):
    """Where craft released around a Lagrange point are at the end; distances are from the point."""

    point_x_km: float
    point_y_km: float
    median_distance_km: float
    largest_distance_km: float
    stayed: int
    never_left: int
    hit: int
    craft: int
    jacobi_drift: float


def run(years: float, step_days: float, method: str) -> tuple[np.ndarray, Trajectory]:
    """Follow the solar system from J2000.

    Raises
    ------
    SpaceHubError
        When the time or the step is out of range, or the step so long that Mercury is lost.
    """
    if not 0 < years <= 200 or not step_days > 0:
        raise SpaceHubError(
            f"{years:g} years in steps of {step_days:g} days cannot be followed.",
            "Choose up to 200 years and a step above zero.",
        )
    # A tenth of Mercury's year.
    if step_days > 8.8:
        raise SpaceHubError(
            f"A step of {step_days:g} days is too long for Mercury, whose year has 88.",
            "Choose at most 8.8 days.",
        )
    steps = round(years * JULIAN_YEAR / (step_days * DAY))
    if not 1 <= steps <= STEPS:
        raise SpaceHubError(
            f"That would be {steps:,} steps.", f"Choose from 1 to {STEPS:,}: fewer years or a longer step."
        )
    gm, x, v = planets.at_j2000()
    return gm, follow(mutual, gm, x, v, step=step_days * DAY, steps=steps, method=method)


def half_step_change(years: float, step_days: float, method: str, motion: Trajectory) -> tuple[str, float]:
    """Halve every step, and return which planet then ends elsewhere by the largest share of its distance, and how far (m).

    The energy hardly shows an error along the orbit; this does.
    """
    gm, x, v = planets.at_j2000()
    steps = 2 * (len(motion.time) - 1)
    finer = follow(mutual, gm, x, v, step=step_days * DAY / 2, steps=steps, method=method)
    moved = np.linalg.norm(finer.position[-1] - motion.position[-1], axis=0)
    distance = np.linalg.norm(finer.position[-1] - finer.position[-1][:, :1], axis=0)
    worst = 1 + int((moved[1:] / distance[1:]).argmax())
    return planets.NAMES[worst], float(moved[worst])


def lab_solar_system(years: float = 30, step_days: float = 5, method: str = "leapfrog") -> SolarSystemRun:
    """Follow the Sun and nine bodies around it by their own gravity, from the year 2000 on.

    Parameters
    ----------
    years : float
        For how long, up to 200 and at most 8,000 steps.
    step_days : float
        Length of a step, up to 8.8 days.
    method : str
        The integrator: Euler, leapfrog or RK4.

    Returns
    -------
    SolarSystemRun
        The Sun's largest distance from the common centre of mass, the drifts as shares of the start, and the planet whose
        final position changes by the largest share of its distance from the Sun when the step is halved.
    """
    gm, motion = run(years, step_days, method)
    planet, change = half_step_change(years, step_days, method, motion)
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


def lab_lagrange(point: str = "L4", offset_km: float = 1000, months: float = 3) -> LagrangeRun:
    """Release craft around a Lagrange point of Earth and Moon, and report whether they stay.

    Parameters
    ----------
    point : str
        L1, L2, L3, L4 or L5.
    offset_km : float
        How far from the point, at rest to Earth and Moon, up to 38,000 km.
    months : float
        For how many turns of the Moon, up to 30.

    Returns
    -------
    LagrangeRun
        Where the point is (the centre of mass at zero, the Moon on the x axis), how far the craft are from
        it at the end, how many of them are then within 96,100 km, a quarter of the Moon's distance, how many were
        never farther away, how many hit the Earth or the Moon and stopped there, and the largest drift of Jacobi's constant, as a share of it.
    """
    released, away = released_craft(point, offset_km, months)
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


def released_craft(point: str, offset_km: float, months: float) -> tuple[lagrange.Released, np.ndarray]:
    """Return what the craft did, and their distances (km) from the point."""
    released = lagrange.release(point, offset=offset_km * 1e3 / MOON_DISTANCE, turns=months, craft=CRAFT)
    place = lagrange.points(lagrange.EARTH_MOON)[point]
    return released, np.abs(released.position - place) * MOON_DISTANCE / 1e3
