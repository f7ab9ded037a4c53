"""Constants of gravity and of the solar system, in SI units, each with its source."""

import math

# IERS Conventions (2010), table 1.1: geocentric gravitational constant, m³/s².
GM_EARTH = 3.986004418e14
# JPL DE440 (Park et al. 2021, Astronomical Journal 161:105), m³/s².
GM_MOON = 4.902800118e12
GM_SUN = 1.32712440041279419e20
# The same, for planets with their moons: Mercury to Pluto; the third is Earth and Moon together.
GM_PLANETS = {
    "Mercury": 2.2031868551e13,
    "Venus": 3.24858592e14,
    "Earth and Moon": 4.03503235502e14,
    "Mars": 4.2828375816e13,
    "Jupiter": 1.26712764100e17,
    "Saturn": 3.79405848418e16,
    "Uranus": 5.794556400e15,
    "Neptune": 6.83652710058e15,
    "Pluto": 9.755e11,
}
# WGS 84 equatorial radius, m (NIMA TR8350.2).
EARTH_RADIUS = 6_378_137.0
# IAU working group on cartographic coordinates 2015 (Archinal et al. 2018), mean radius of the Moon, m.
MOON_RADIUS = 1_737_400.0
# IAU 2015 resolution B3, nominal solar radius, m.
SUN_RADIUS = 6.957e8
# IAU 2012 resolution B2, m.
ASTRONOMICAL_UNIT = 149_597_870_700.0
# IERS: the Earth's rotation against the stars, s.
SIDEREAL_DAY = 86_164.0905
# JPL, mean orbital elements of planetary satellites: the Moon's semi-major axis, m, and eccentricity.
MOON_DISTANCE, MOON_ECCENTRICITY = 3.844e8, 0.0554
DAY, JULIAN_YEAR = 86_400.0, 365.25 * 86_400.0

# E. M. Standish, "Keplerian elements for approximate positions of the major planets", JPL, table 1,
# at J2000: semi-major axis in au, eccentricity, then in degrees inclination, mean longitude,
# longitude of perihelion, longitude of the ascending node.
PLANET_ELEMENTS = {
    "Mercury": (0.38709927, 0.20563593, 7.00497902, 252.25032350, 77.45779628, 48.33076593),
    "Venus": (0.72333566, 0.00677672, 3.39467605, 181.97909950, 131.60246718, 76.67984255),
    "Earth and Moon": (1.00000261, 0.01671123, -0.00001531, 100.46457166, 102.93768193, 0.0),
    "Mars": (1.52371034, 0.09339410, 1.84969142, -4.55343205, -23.94362959, 49.55953891),
    "Jupiter": (5.20288700, 0.04838624, 1.30439695, 34.39644051, 14.72847983, 100.47390909),
    "Saturn": (9.53667594, 0.05386179, 2.48599187, 49.95424423, 92.59887831, 113.66242448),
    "Uranus": (19.18916464, 0.04725744, 0.77263783, 313.23810451, 170.95427630, 74.01692503),
    "Neptune": (30.06992276, 0.00859048, 1.77004347, -55.12002969, 44.96476227, 131.78422574),
    "Pluto": (39.48211675, 0.24882730, 17.14001206, 238.92903833, 224.06891629, 110.30393684),
}


def semi_major_axis(period: float, gm: float) -> float:
    """Return the semi-major axis (m) of an orbit with the given period (s), by Kepler's third law."""
    return (gm * (period / (2 * math.pi)) ** 2) ** (1 / 3)
