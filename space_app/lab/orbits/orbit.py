"""Experiment: how far integrators drift from an orbit."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.orbits import figures
from space_app.lab.quantities import duration, kilometres, share
from space_app.parameters import Choice, integer
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
from spacehub.lab.integrators import METHODS

STEPS = 8000


class OrbitRun(TypedDict):
    """The accuracy of an integrator on an orbit. The drifts are relative to the initial values."""

    period_s: float
    periapsis_km: float
    apoapsis_km: float
    periapsis_speed_m_s: float
    apoapsis_speed_m_s: float
    energy_drift: float
    angular_momentum_drift: float
    error_km: float


def lab_orbit(
    orbit: Annotated[str, Choice(list(kepler.ORBITS), listed=True, label="Orbit")] = "Molniya",
    method: Annotated[str, Choice(list(METHODS), label="Integrator")] = "leapfrog",
    steps_per_orbit: Annotated[
        int,
        integer(
            8,
            4000,
            step=4,
            label="Steps per orbit",
            help="The simulation may take at most 8,000 steps in total.",
        ),
    ] = 240,
    orbits: Annotated[int, integer(1, 20, step=1, label="Orbits")] = 4,
) -> OrbitRun:
    """Integrate an orbit step by step, and return how far energy, angular momentum and position drift.

    Returns
    -------
    OrbitRun
        The period, the nearest and farthest distance from the centre, the speeds there (vis-viva), the largest
        drifts, and the distance between the final position and the position from Kepler's equation.
    """
    path, motion = _run(orbit, method, steps_per_orbit, orbits)
    return OrbitRun(
        period_s=path.period,
        periapsis_km=path.periapsis / 1e3,
        apoapsis_km=path.apoapsis / 1e3,
        periapsis_speed_m_s=path.speed(path.periapsis),
        apoapsis_speed_m_s=path.speed(path.apoapsis),
        energy_drift=_largest(drift(specific_energy(path.gm, motion))),
        angular_momentum_drift=_largest(drift(specific_angular_momentum(motion))),
        error_km=_error(path, motion) / 1e3,
    )


def view(orbit: str, method: str, steps_per_orbit: int, orbits: int) -> View:
    """Show the orbit computed by the integrator, and the drift in energy and angular momentum."""
    path, motion = _run(orbit, method, steps_per_orbit, orbits)
    others = {other: _run(orbit, other, steps_per_orbit, orbits)[1] for other in METHODS if other != method}
    runs = {other: others.get(other, motion) for other in METHODS}
    energies = {other: drift(specific_energy(path.gm, moved)) for other, moved in runs.items()}
    turning = drift(specific_angular_momentum(motion))
    error, end = _error(path, motion), duration(motion.time[-1])
    return View(
        figures=[figures.path(path, motion, method), figures.drifts(path, runs, energies)],
        numbers={
            "Period (Kepler's third law)": duration(path.period),
            f"Lowest altitude above the {path.about}": kilometres(path.periapsis - path.radius),
            f"Highest altitude above the {path.about}": kilometres(path.apoapsis - path.radius),
            "Speed at the lowest point (vis-viva)": f"{path.speed(path.periapsis) / 1e3:.3f} km/s",
            "Speed at the highest point (vis-viva)": f"{path.speed(path.apoapsis) / 1e3:.3f} km/s",
            "Step size": duration(path.period / steps_per_orbit),
            **{f"Energy drift, {other}": share(_largest(energies[other])) for other in METHODS},
            f"Angular momentum drift, {method}": share(_largest(turning)),
        },
        answer=f"After {end}, {method} with {steps_per_orbit} steps per orbit places {_named(orbit)} "
        f"{kilometres(error)} from the position given by Kepler's equation. The energy drifted by up to "
        f"{share(_largest(energies[method]))}.",
        source=METHODS[method],
    )


def _run(orbit: str, method: str, steps_per_orbit: int, orbits: int) -> tuple[kepler.Orbit, Trajectory]:
    """Integrate a preset orbit, starting at its periapsis."""
    steps = steps_per_orbit * orbits
    if steps > STEPS:
        raise SpaceHubError(
            f"The simulation would take {steps:,} steps ({orbits} orbits of {steps_per_orbit:,} steps each).",
            f"The limit is {STEPS:,} steps. Choose fewer orbits or fewer steps per orbit.",
        )
    path = kepler.ORBITS[orbit]
    step = path.period / steps_per_orbit
    return path, follow(central, path.gm, *path.start(), step=step, steps=steps, method=method)


def _largest(drifts: np.ndarray) -> float:
    return float(np.abs(drifts).max())


def _error(orbit: kepler.Orbit, motion: Trajectory) -> float:
    """Return the distance (m) between the final position and the exact position."""
    return float(abs(motion.position[-1] - kepler.place(orbit, motion.time[-1])))


def _named(name: str) -> str:
    return {"ISS": "the ISS", "Moon": "the Moon", "Halley": "Halley's comet"}.get(
        name, f"the {name} satellite"
    )


BENCH = Bench(
    key="orbit",
    question="How far does an integrator stray from an orbit?",
    words="Three integrators follow the same orbit step by step. With Euler's method, the energy grows and the path spirals outwards. "
    "Leapfrog's energy oscillates, but returns to its initial value. RK4 is the most accurate, but loses a little energy on each orbit.",
    endpoint=lab_orbit,
    view=view,
    figures=2,
)
