"""The endpoints of the Lab's an orbit followed by an integrator, and a Hohmann transfer."""

from typing import TypedDict

import numpy as np

from space_app.lab.quantities import duration
from spacehub.errors import SpaceHubError
from spacehub.lab import kepler
from spacehub.lab.gravity import (
    Trajectory,
    central,
    drift,
    follow,
    specific_angular_momentum,
    specific_energy,
)

FEWEST, MOST, ORBITS, STEPS = 8, 4000, 20, 8000


class OrbitRun(TypedDict):
    """How well an integrator keeps an orbit; the drifts are shares of the start's value."""

    period_s: float
    periapsis_km: float
    apoapsis_km: float
    periapsis_speed_m_s: float
    apoapsis_speed_m_s: float
    energy_drift: float
    angular_momentum_drift: float
    error_km: float


class HohmannTransfer(TypedDict):
    """A transfer between two circles: both burns, their sum, and the time between them."""

    first_burn_m_s: float
    second_burn_m_s: float
    delta_v_m_s: float
    time_s: float


def run(name: str, method: str, per_orbit: int, orbits: int) -> tuple[kepler.Orbit, Trajectory]:
    """Follow a preset orbit from its periapsis.

    Raises
    ------
    SpaceHubError
        When there is no such orbit or integrator, or the steps are too few or too many.
    """
    if name not in kepler.ORBITS:
        raise SpaceHubError(f"There is no orbit {name!r}.", f"Choose one of: {', '.join(kepler.ORBITS)}.")
    orbit = kepler.ORBITS[name]
    if not per_orbit >= FEWEST:
        longest = duration(orbit.period / FEWEST)
        raise SpaceHubError(
            f"The step is too long: {per_orbit:g} of them for a whole orbit.",
            f"Choose at least {FEWEST} steps an orbit, here at most {longest} each.",
        )
    if not 1 <= orbits <= ORBITS or not per_orbit * orbits <= STEPS:
        raise SpaceHubError(
            f"{orbits:g} orbits of {per_orbit:g} steps are too many or none.",
            f"Choose from 1 to {ORBITS} orbits and at most {STEPS:,} steps in all.",
        )
    step, steps = orbit.period / int(per_orbit), int(per_orbit) * int(orbits)
    return orbit, follow(central, orbit.gm, *orbit.start(), step=step, steps=steps, method=method)


def lab_orbit(
    orbit: str = "ISS", method: str = "leapfrog", steps_per_orbit: int = 240, orbits: int = 4
) -> OrbitRun:
    """Follow an orbit step by step, and tell how far energy, angular momentum and position drift.

    Parameters
    ----------
    orbit : str
        ISS, Molniya, Geostationary, Moon or Halley.
    method : str
        The integrator: Euler, leapfrog or RK4.
    steps_per_orbit : int
        From 8 to 4,000, and at most 8,000 for all orbits.
    orbits : int
        How many turns, from 1 to 20.

    Returns
    -------
    OrbitRun
        Period, nearest and farthest distance from the centre, the speeds there (vis-viva), the largest
        drifts, and how far the end is from the place that Kepler's equation gives.
    """
    path, motion = run(orbit, method, steps_per_orbit, orbits)
    return OrbitRun(
        period_s=path.period,
        periapsis_km=path.periapsis / 1e3,
        apoapsis_km=path.apoapsis / 1e3,
        periapsis_speed_m_s=path.speed(path.periapsis),
        apoapsis_speed_m_s=path.speed(path.apoapsis),
        energy_drift=largest_drift(drift(specific_energy(path.gm, motion))),
        angular_momentum_drift=largest_drift(drift(specific_angular_momentum(motion))),
        error_km=off_by(path, motion) / 1e3,
    )


def lab_hohmann(from_altitude_km: float = 300, to_altitude_km: float = 35_786) -> HohmannTransfer:
    """Tell what the Hohmann transfer between two circular orbits of the Earth costs.

    Parameters
    ----------
    from_altitude_km : float
        Altitude of the first circle above the equator, from 0 km.
    to_altitude_km : float
        That of the second, which may be lower.

    Returns
    -------
    HohmannTransfer
        The two burns and their sum in m/s, and the time between them in s.
    """
    transfer = kepler.hohmann(from_altitude_km * 1e3, to_altitude_km * 1e3)
    return HohmannTransfer(
        first_burn_m_s=transfer.first_burn,
        second_burn_m_s=transfer.second_burn,
        delta_v_m_s=transfer.delta_v,
        time_s=transfer.time,
    )


def largest_drift(drifts: np.ndarray) -> float:
    """Return the largest of drifts of either sign."""
    return float(np.abs(drifts).max())


def off_by(orbit: kepler.Orbit, motion: Trajectory) -> float:
    """Return how far (m) the motion's end is from where the orbit should be."""
    return float(abs(motion.position[-1] - kepler.place(orbit, motion.time[-1])))
