"""Orbits around one body in closed form: Kepler's laws, vis-viva, and transfers between circular orbits."""

import math
from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.constants import (
    ASTRONOMICAL_UNIT,
    EARTH_RADIUS,
    GM_EARTH,
    GM_MOON,
    GM_SUN,
    MOON_DISTANCE,
    MOON_ECCENTRICITY,
    SIDEREAL_DAY,
    SUN_RADIUS,
    semi_major_axis,
)


@dataclass(frozen=True, kw_only=True)
class Orbit:
    """An ellipse with semi-major `axis` (m) and `eccentricity`, around a body with `gm` (m³/s²) and `radius` (m)."""

    name: str
    axis: float
    eccentricity: float
    gm: float
    radius: float
    about: str

    @property
    def period(self) -> float:
        """The orbital period (s), by Kepler's third law."""
        return 2 * math.pi * math.sqrt(self.axis**3 / self.gm)

    @property
    def periapsis(self) -> float:
        """The smallest distance from the body's centre (m)."""
        return self.axis * (1 - self.eccentricity)

    @property
    def apoapsis(self) -> float:
        """The largest distance from the body's centre (m)."""
        return self.axis * (1 + self.eccentricity)

    def speed(self, distance: float) -> float:
        """Return the speed (m/s) at a distance (m): vis-viva, ``v² = gm (2/r - 1/a)``."""
        return math.sqrt(self.gm * (2 / distance - 1 / self.axis))

    def start(self) -> tuple[complex, complex]:
        """Return the position (m) and velocity (m/s) at the periapsis, ``x + iy`` in the plane of the orbit."""
        return complex(self.periapsis), 1j * self.speed(self.periapsis)


def _earth(name: str, axis: float, eccentricity: float, gm: float = GM_EARTH) -> Orbit:
    return Orbit(name=name, axis=axis, eccentricity=eccentricity, gm=gm, radius=EARTH_RADIUS, about="Earth")


_MOLNIYA = semi_major_axis(SIDEREAL_DAY / 2, GM_EARTH)
ORBITS = {
    orbit.name: orbit
    for orbit in (
        # NASA: the station stays about 420 km above the Earth on a nearly circular orbit.
        _earth("ISS", EARTH_RADIUS + 420e3, 0.0005),
        # Half a sidereal day, perigee 500 km up: the classical Molniya orbit (Vallado, Fundamentals, 11.4).
        _earth("Molniya", _MOLNIYA, 1 - (EARTH_RADIUS + 500e3) / _MOLNIYA),
        _earth("Geostationary", semi_major_axis(SIDEREAL_DAY, GM_EARTH), 0.0),
        # The Moon relative to the Earth, with the mass of both.
        _earth("Moon", MOON_DISTANCE, MOON_ECCENTRICITY, GM_EARTH + GM_MOON),
        # JPL Small-Body Database, 1P/Halley, epoch 1994.
        Orbit(
            name="Halley",
            axis=17.83414429 * ASTRONOMICAL_UNIT,
            eccentricity=0.967142908,
            gm=GM_SUN,
            radius=SUN_RADIUS,
            about="Sun",
        ),
    )
}


def eccentric_anomaly(mean_anomaly: np.ndarray, eccentricity: float) -> np.ndarray:
    """Solve Kepler's equation ``M = E - e sin E`` by Newton's method, to machine precision.

    Parameters
    ----------
    mean_anomaly : array
        In radians, of any shape.
    eccentricity : float
        At least 0 and below 1.
    """
    turns = 2 * np.pi * np.round(np.asarray(mean_anomaly, float) / (2 * np.pi))
    mean = np.asarray(mean_anomaly, float) - turns
    # From the end of the interval, Newton's steps all go the same way, towards the root.
    angle = (
        np.where(np.abs(eccentricity * mean) < 0.1, mean, np.pi * np.sign(mean))
        if eccentricity > 0.5
        else mean
    )
    for _ in range(60):
        change = (angle - eccentricity * np.sin(angle) - mean) / (1 - eccentricity * np.cos(angle))
        angle = angle - change
        if np.all(np.abs(change) < 1e-15):
            break
    return angle + turns


def place(orbit: Orbit, time: np.ndarray) -> np.ndarray:
    """Return the exact positions (m), ``x + iy``, at times (s) after the periapsis."""
    angle = eccentric_anomaly(2 * np.pi * np.asarray(time) / orbit.period, orbit.eccentricity)
    narrow = math.sqrt(1 - orbit.eccentricity**2)
    return orbit.axis * (np.cos(angle) - orbit.eccentricity + 1j * narrow * np.sin(angle))


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Two burns (m/s) and the time between them (s); `inner` and `outer` are the radii of the circular orbits (m)."""

    first_burn: float
    second_burn: float
    time: float
    start_radius: float
    end_radius: float

    @property
    def delta_v(self) -> float:
        """The sum of both burns (m/s)."""
        return self.first_burn + self.second_burn


def hohmann(from_altitude: float, to_altitude: float) -> Transfer:
    """Return the transfer between two circular Earth orbits along half an ellipse (Hohmann 1925).

    Parameters
    ----------
    from_altitude, to_altitude : float
        Above the equator, m.

    Raises
    ------
    SpaceHubError
        If an altitude is negative or above ten million kilometres, or both are the same.
    """
    for altitude in from_altitude, to_altitude:
        if not 0 <= altitude <= 1e10:
            raise SpaceHubError(
                f"The orbital altitude ({altitude / 1e3:,.0f} km) is out of range.",
                "Choose altitudes from 0 to 10,000,000 km.",
            )
    if from_altitude == to_altitude:
        raise SpaceHubError("Both orbits have the same altitude.", "Choose two different altitudes.")
    start, end = EARTH_RADIUS + from_altitude, EARTH_RADIUS + to_altitude
    axis = (start + end) / 2
    speeds = [math.sqrt(GM_EARTH * (2 / radius - 1 / axis)) for radius in (start, end)]
    circles = [math.sqrt(GM_EARTH / radius) for radius in (start, end)]
    return Transfer(
        first_burn=abs(speeds[0] - circles[0]),
        second_burn=abs(circles[1] - speeds[1]),
        time=math.pi * math.sqrt(axis**3 / GM_EARTH),
        start_radius=start,
        end_radius=end,
    )
