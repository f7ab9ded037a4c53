"""Define the columns of the telemetry and of the events, with their meanings and units."""

from typing import TYPE_CHECKING

from spacehub.data import columns
from spacehub.data.columns import Column

if TYPE_CHECKING:
    import datasets

FIRST, SECOND = "first stage", "second stage"

# Possible defects of a row, in the order of the column `flags`.
FLAGS = {
    "moving_at_start": "the record begins at more than 1 m/s: its clock is late",
    "velocity_spike": "in the first 30 s, more than 2 m/s off the mean of the seconds before and after",
    "velocity_straight": "one of 8 s or more on one straight line: filled in, or a coast",
    "components_disagree": "the two components give a speed more than 5 m/s off",
    "altitude_held": "one of 10 s or more at the very same altitude",
    "altitude_jump": "more than 200 m off what the vertical speed gives in this second",
    "angle_unset": "the angle of a rocket that stands upright is given as less than 85°",
}
_FLAGS = "; ".join(f"{flag} ({meaning})" for flag, meaning in FLAGS.items())

COLUMNS = [
    Column("launch", "string", "the mission, as the source writes it"),
    Column("time_s", "int32", "time since lift-off, by the webcast's clock", "s"),
    Column(
        "tracked",
        "string",
        "which stage the numbers are of: the first until main engine cut-off, then the one that the record follows",
    ),
    Column("velocity_m_s", "float64", "speed as the webcast shows it", "m/s"),
    Column("velocity_horizontal_m_s", "float64", "derived by the source; towards the pad is negative", "m/s"),
    Column("velocity_vertical_m_s", "float64", "derived by the source; down is negative", "m/s"),
    Column("altitude_km", "float64", "as the webcast shows it, to 0.1 km, smoothed by the source", "km"),
    Column("downrange_km", "float64", "derived by the source: distance from the pad along the ground", "km"),
    Column(
        "acceleration_m_s2",
        "float64",
        "derived by the source: rate of the speed plus g times the sine of the path's angle, so what the engines "
        "and the air do along the path; 0 in free fall",
        "m/s²",
    ),
    Column("angle_deg", "float64", "derived by the source: of the path above the horizon", "°"),
    Column("dynamic_pressure_pa", "float64", "derived by the source, by a model of the air", "Pa"),
    Column("flags", "list", f"what is wrong with the row, none where it is empty: {_FLAGS}"),
]

# The source's names of the columns that are kept unchanged.
SOURCE_NAMES = {
    "velocity_m_s": "velocity",
    "velocity_horizontal_m_s": "velocity_x",
    "velocity_vertical_m_s": "velocity_y",
    "altitude_km": "altitude",
    "downrange_km": "downrange_distance",
    "acceleration_m_s2": "acceleration",
    "angle_deg": "angle",
    "dynamic_pressure_pa": "q",
}

# The source's events, in the order of a flight.
EVENTS = {
    "throttle_down_start": "engines throttled down",
    "maxq": "greatest dynamic pressure of the ascent",
    "throttle_down_end": "engines throttled up",
    "meco": "main engine cut-off",
    "boostback_start": "boostback burn begins",
    "ses1": "second engine start",
    "boostback_end": "boostback burn ends",
    "apogee": "the first stage's highest point",
    "entry_start": "entry burn begins",
    "entry_end": "entry burn ends",
    "landing_start": "landing burn begins",
    "landing_end": "landing burn ends",
    "seco1": "second engine cut-off",
    "ses2": "second engine starts again",
    "seco2": "second engine cut-off again",
}


def features() -> "datasets.Features":
    """Return the columns as typed `datasets` features."""
    return columns.features(COLUMNS)
