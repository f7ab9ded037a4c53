"""Define the table's columns and their meaning."""

from typing import TYPE_CHECKING

import pandas as pd

from spacehub.data import columns
from spacehub.data.columns import Column
from spacehub.data.falcon9_landings.codes import ORBIT_MEANINGS

if TYPE_CHECKING:
    import datasets

_ORBITS = ", ".join(f"{code} ({meaning})" for code, meaning in ORBIT_MEANINGS.items())

COLUMNS = [
    Column(
        "flight_number",
        "int32",
        "Position of the launch in date order, starting at 1. Amos-6, which was lost before liftoff, is also counted.",
    ),
    Column("name", "string", "Name of the mission"),
    Column(
        "date_utc",
        "timestamp[s]",
        "Time of liftoff; for Amos-6, the time at which the rocket was lost on the pad",
        "UTC",
    ),
    Column("booster_serial", "string", "Serial number of the first stage", nullable=True),
    Column(
        "booster_flight",
        "int32",
        "Flight number of the booster (1 is its first flight). Flights on a Falcon Heavy are also counted.",
        nullable=True,
    ),
    Column("block", "int32", "Block (version) of the booster, from 1 (v1.0 and v1.1) to 5", nullable=True),
    Column(
        "launch_site",
        "string",
        "Launch site: CCSFS SLC-40 (Cape Canaveral), KSC LC-39A (Kennedy) or VSFB SLC-4E (Vandenberg)",
    ),
    Column(
        "orbit", "string", f"Orbit into which the first payload was released: one of {_ORBITS}", nullable=True
    ),
    Column(
        "payload_mass_kg",
        "float64",
        "Total mass of the payloads. The mass includes the capsule of a crewed Dragon, but not the capsule of a "
        "cargo Dragon.",
        "kg",
        nullable=True,
    ),
    Column("payloads", "list", "Names of the payloads"),
    Column("payload_count", "int32", "Number of satellites or capsules on board", nullable=True),
    Column("customers", "list", "Customers of the launch"),
    Column("application", "string", "Purpose of the main payload", nullable=True),
    Column("rideshare", "bool", "True if several customers shared the launch"),
    Column(
        "dragon",
        "string",
        "Type of Dragon capsule (cargo or crew); null if the payload is not a Dragon",
        nullable=True,
    ),
    Column(
        "landing_attempted",
        "bool",
        "True if the booster attempted to land; false if no landing was planned, or if the rocket was lost before "
        "the attempt",
    ),
    Column(
        "landing_type",
        "string",
        "Planned type of landing: ASDS (drone ship), RTLS (return to launch site), Ocean (soft "
        "landing on water) or Parachute",
        nullable=True,
    ),
    Column(
        "landing_pad",
        "string",
        "Planned drone ship or landing zone (LZ); null if the API does not list the launch",
        nullable=True,
    ),
    Column(
        "landing_outcome",
        "string",
        "Outcome of the landing: success, failure, precluded (the rocket was lost before the landing) or no attempt",
    ),
    Column(
        "landed",
        "bool",
        "True if the landing succeeded, false if it failed, and null if `landing_attempted` is false",
        nullable=True,
    ),
    Column("launch_success", "bool", "True if the rocket delivered its payload", nullable=True),
    Column(
        "source",
        "string",
        "Source of the row: api, csv, both or simulated (generated rows)",
    ),
    Column(
        "api_flight_number",
        "int32",
        "Flight number in the API (`flight_number`), which counts the flights of all SpaceX rockets",
        nullable=True,
    ),
    Column("csv_flight_number", "string", "Flight number in the CSV file (`Flight Number`)", nullable=True),
]


def tabulate(rows: list[dict]) -> pd.DataFrame:
    """Sort launches by date, number them and give each column its dtype.

    Raises
    ------
    ValueError
        If a value is missing that every launch must have.
    """
    table = pd.DataFrame(rows).sort_values("date_utc", kind="stable", ignore_index=True)
    table["flight_number"] = range(1, len(table) + 1)
    required = [column.name for column in COLUMNS if not column.nullable]
    if table[required].isna().any(axis=None):
        lacking = table[table[required].isna().any(axis=1)]["name"].tolist()
        raise ValueError(
            f"Every launch must have a value for {', '.join(required)}. These launches have missing values: {lacking}"
        )
    return columns.typed(table, COLUMNS)


def features() -> "datasets.Features":
    """Return the columns as typed `datasets` features."""
    return columns.features(COLUMNS)
