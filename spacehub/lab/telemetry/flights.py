"""The dataset falcon9-telemetry as arrays: one row per launch, one column per second."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spacehub.errors import SpaceHubError, reason
from spacehub.serving import stated

if TYPE_CHECKING:
    import pandas as pd

TELEMETRY_FILE, EVENTS_FILE = "telemetry.csv", "events.csv"
# By the dataset's column: name and unit.
QUANTITIES = {
    "altitude_km": ("altitude", "km"),
    "velocity_m_s": ("velocity", "m/s"),
    "acceleration_m_s2": ("acceleration", "m/s²"),
    "downrange_km": ("downrange", "km"),
    "velocity_vertical_m_s": ("vertical velocity", "m/s"),
    "velocity_horizontal_m_s": ("horizontal velocity", "m/s"),
    "angle_deg": ("flight-path angle", "°"),
    "dynamic_pressure_pa": ("dynamic pressure", "Pa"),
}
# By the dataset's column, in the order of a flight.
EVENTS = {
    "throttle_down_start": "throttle down",
    "maxq": "max q",
    "throttle_down_end": "throttle up",
    "meco": "MECO",
    "boostback_start": "boostback",
    "ses1": "second stage ignites",
    "boostback_end": "boostback ends",
    "apogee": "apogee",
    "entry_start": "entry burn",
    "entry_end": "entry burn ends",
    "landing_start": "landing burn",
    "landing_end": "landing",
    "seco1": "SECO",
}
FIRST, SECOND = "first stage", "second stage"
# Limits of what is read: launches, characters of a name, seconds of a record, and the size of a quantity in its unit.
MOST_LAUNCHES, LONGEST_NAME, MOST_SECONDS, LARGEST = 1_000, 80, 20_000, 1e9


@dataclass(frozen=True, kw_only=True)
class Flights:
    """Launches as arrays.

    Parameters
    ----------
    launches : tuple of str
        Their names, n of them.
    followed : tuple of str
        The stage that each record follows after main engine cut-off, `FIRST` or `SECOND`.
    seconds : array of int, (n,)
        The length of each record.
    values : dict of str to array of float, (n, longest)
        By the names of `QUANTITIES`, from T+0; NaN after a record's end.
    events : dict of str to array of float, (n,)
        By the names of `EVENTS`, in s; NaN if the event has no time.
    """

    launches: tuple[str, ...]
    followed: tuple[str, ...]
    seconds: np.ndarray
    values: Mapping[str, np.ndarray]
    events: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.launches)

    def place(self, launch: str) -> int:
        """Return the row of a launch.

        Raises
        ------
        SpaceHubError
            If no launch has that name.
        """
        if launch not in self.launches:
            raise SpaceHubError(f"Unknown launch: {launch!r}.", f"Choose one of: {'; '.join(self.launches)}.")
        return self.launches.index(launch)


def of_tables(telemetry: "pd.DataFrame", events: "pd.DataFrame") -> Flights:
    """Turn the dataset's two tables into arrays.

    Raises
    ------
    ValueError
        If the tables contain different launches, or a value is out of bounds.
    """
    _check(telemetry, events)
    launches = tuple(events["launch"])
    rows = telemetry["launch"].map({launch: row for row, launch in enumerate(launches)})
    if rows.isna().any() or rows.nunique() < len(launches):
        raise ValueError("The telemetry and the events contain different launches.")
    row, second = rows.to_numpy(dtype=int), telemetry["time_s"].to_numpy(dtype=int)
    values = {}
    for name in QUANTITIES:
        values[name] = np.full((len(launches), second.max() + 1), np.nan)
        values[name][row, second] = telemetry[name].to_numpy(dtype=float)
    return Flights(
        launches=launches,
        followed=tuple(events["followed"]),
        seconds=events["seconds"].to_numpy(dtype=int),
        values=values,
        events={name: events[name].to_numpy(dtype=float, na_value=np.nan) for name in EVENTS},
    )


def _check(telemetry: "pd.DataFrame", events: "pd.DataFrame") -> None:
    """Check the values before arrays of their size are allocated."""
    if not 0 < len(events) <= MOST_LAUNCHES or not events["launch"].is_unique:
        raise ValueError(
            f"The events table must have 1 to {MOST_LAUNCHES:,} rows, each for a different launch."
        )
    stated.texts(events, ["launch"], LONGEST_NAME)
    if not events["followed"].isin([FIRST, SECOND]).all():
        raise ValueError(f"Each value in the column 'followed' must be {FIRST} or {SECOND}.")
    whole = {"time_s": (telemetry, 0), "seconds": (events, 1)}
    for name, (table, least) in whole.items():
        if table[name].isna().any():
            raise ValueError(f"A value in the column {name!r} is missing.")
        stated.columns(table, {name: (least, MOST_SECONDS)})
    stated.columns(telemetry, dict.fromkeys(QUANTITIES, (-LARGEST, LARGEST)))
    stated.columns(events, dict.fromkeys(EVENTS, (-LARGEST, LARGEST)))
    if events["seconds"].max() > telemetry["time_s"].max() + 1:
        raise ValueError("The events table covers a longer period than the telemetry does.")


def read(folder: Path) -> Flights:
    """Read the dataset's two CSV files.

    Raises
    ------
    SpaceHubError
        If a file lacks a column, or the two files contain different launches.
    """
    import pandas as pd

    try:
        return of_tables(
            pd.read_csv(folder / TELEMETRY_FILE, usecols=["launch", "time_s", *QUANTITIES]),
            pd.read_csv(folder / EVENTS_FILE, usecols=["launch", "followed", "seconds", *EVENTS]),
        )
    except (ValueError, TypeError) as error:
        raise SpaceHubError(
            f"Cannot read the telemetry in {TELEMETRY_FILE} and {EVENTS_FILE}. {reason(error)}",
            "Rebuild the dataset.",
        ) from error
