"""Define the columns of the telemetry and of the events, with their meanings and units."""

from typing import TYPE_CHECKING

from spacehub.data import columns
from spacehub.data.columns import Column

if TYPE_CHECKING:
    import datasets

FIRST, SECOND = "first stage", "second stage"

# Possible defects of a row, in the order of the `flags` column.
FLAGS = {
    "moving_at_start": "At the start of the record, the speed already exceeds 1 m/s, so the clock "
    "starts too late",
    "velocity_spike": "In the first 30 s, the speed differs by more than 2 m/s from the mean of the speeds one "
    "second before and after",
    "velocity_straight": "The speed changes linearly for 8 s or more, as in an interpolated gap or a coast phase",
    "components_disagree": "The speed computed from the horizontal and vertical velocities differs from "
    "`velocity_m_s` by more than 5 m/s",
    "altitude_held": "The altitude does not change for 10 s or more",
    "altitude_jump": "The change in altitude since the previous second differs by more than 200 m from the change "
    "that the vertical speed implies",
    "angle_unset": "The rocket is vertical, but the source gives a flight-path angle of less than 85°",
}

COLUMNS = [
    Column("launch", "string", "Name of the mission, as in the source"),
    Column("time_s", "int32", "Time since liftoff, as shown on the webcast's clock", "s"),
    Column(
        "tracked",
        "string",
        "Stage that the values describe: the first stage until main engine cut-off, and then either the first or the "
        "second stage, whichever the record tracks",
    ),
    Column("velocity_m_s", "float64", "Speed shown on the webcast", "m/s"),
    Column(
        "velocity_horizontal_m_s",
        "float64",
        "Horizontal velocity (negative towards the pad), as computed in the source",
        "m/s",
    ),
    Column(
        "velocity_vertical_m_s",
        "float64",
        "Vertical velocity (negative downwards), as computed in the source",
        "m/s",
    ),
    Column(
        "altitude_km",
        "float64",
        "Altitude shown on the webcast (resolution: 0.1 km), smoothed in the source",
        "km",
    ),
    Column(
        "downrange_km",
        "float64",
        "Downrange distance (from the pad, along the ground), as computed in the source",
        "km",
    ),
    Column(
        "acceleration_m_s2",
        "float64",
        "Acceleration along the flight path due to thrust and drag, as computed in the source. This "
        "acceleration is the sum of two terms: the rate of change of the speed, and g times the sine of the "
        "flight-path angle. In free fall, this acceleration is 0.",
        "m/s²",
    ),
    Column(
        "angle_deg",
        "float64",
        "Flight-path angle above the horizontal, as computed in the source",
        "°",
    ),
    Column(
        "dynamic_pressure_pa",
        "float64",
        "Dynamic pressure, as computed in the source with an atmospheric model",
        "Pa",
    ),
    Column(
        "flags",
        "list",
        "Flags for the known defects of the row; an empty list if no defects are known",
    ),
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
    "throttle_down_start": "The engines throttle down",
    "maxq": "Maximum dynamic pressure of the ascent",
    "throttle_down_end": "The engines throttle up again",
    "meco": "Main engine cut-off",
    "boostback_start": "The boostback burn begins",
    "ses1": "The second-stage engine starts",
    "boostback_end": "The boostback burn ends",
    "apogee": "The first stage reaches its highest point",
    "entry_start": "The entry burn begins",
    "entry_end": "The entry burn ends",
    "landing_start": "The landing burn begins",
    "landing_end": "The landing burn ends",
    "seco1": "The second-stage engine cuts off",
    "ses2": "The second-stage engine restarts",
    "seco2": "The second-stage engine cuts off for the second time",
}


def features() -> "datasets.Features":
    """Return the columns as typed `datasets` features."""
    return columns.features(COLUMNS)
