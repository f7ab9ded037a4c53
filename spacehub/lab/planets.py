"""The Sun and nine bodies around it at J2000, as the start of a simulation under their mutual gravity."""

import numpy as np

from spacehub.lab.constants import ASTRONOMICAL_UNIT, GM_PLANETS, GM_SUN, PLANET_ELEMENTS
from spacehub.lab.kepler import eccentric_anomaly

NAMES = ("Sun", *PLANET_ELEMENTS)


def at_j2000() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return gravitational parameters (m³/s²), positions (m) and velocities (m/s) of the Sun and the planets.

    The shapes are (10,), (3, 10) and (3, 10). Positions and velocities are relative to the common centre of mass, in
    the ecliptic of J2000. They come from the mean elements in `constants.PLANET_ELEMENTS` and are accurate to a few
    thousandths of the distance.
    """
    gm = np.array([GM_SUN, *GM_PLANETS.values()])
    states = [
        _state(*elements, gm[0] + mass)
        for elements, mass in zip(PLANET_ELEMENTS.values(), gm[1:], strict=True)
    ]
    x = np.stack([np.zeros(3), *(state[0] for state in states)], axis=1)
    v = np.stack([np.zeros(3), *(state[1] for state in states)], axis=1)
    centre = gm / gm.sum()
    return gm, x - (x @ centre)[:, None], v - (v @ centre)[:, None]


def _state(
    axis: float,
    eccentricity: float,
    inclination: float,
    longitude: float,
    perihelion: float,
    node: float,
    gm: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the position (m) and velocity (m/s) from elements in au and degrees (Standish, eqs. 8-30 to 8-34)."""
    axis = axis * ASTRONOMICAL_UNIT
    i, o, w = np.radians([inclination, node, perihelion - node])
    angle = float(eccentric_anomaly(np.radians(longitude - perihelion), eccentricity))
    narrow, rate = np.sqrt(1 - eccentricity**2), np.sqrt(gm / axis**3)
    x = axis * np.array([np.cos(angle) - eccentricity, narrow * np.sin(angle), 0])
    v = (
        axis
        * rate
        / (1 - eccentricity * np.cos(angle))
        * np.array([-np.sin(angle), narrow * np.cos(angle), 0])
    )
    turn = _about_z(o) @ _about_x(i) @ _about_z(w)
    return turn @ x, turn @ v


def _about_z(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def _about_x(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
