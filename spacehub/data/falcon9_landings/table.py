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
        "place of the launch in the date order of this table, from 1; Amos-6 keeps one",
    ),
    Column("name", "string", "name of the mission"),
    Column("date_utc", "timestamp[s]", "liftoff (of Amos-6: its loss on the pad)", "UTC"),
    Column("booster_serial", "string", "serial number of the first stage", nullable=True),
    Column(
        "booster_flight",
        "int32",
        "flight of this booster, 1 when new; flights on a Falcon Heavy count",
        nullable=True,
    ),
    Column("block", "int32", "block of the booster, 1 (v1.0 and v1.1) to 5", nullable=True),
    Column(
        "launch_site",
        "string",
        "CCSFS SLC-40 (Cape Canaveral), KSC LC-39A (Kennedy), VSFB SLC-4E (Vandenberg)",
    ),
    Column("orbit", "string", f"where the first payload was released: {_ORBITS}", nullable=True),
    Column(
        "payload_mass_kg",
        "float64",
        "all payloads of the launch; for a cargo Dragon the cargo alone, for a crewed one the capsule too",
        "kg",
        nullable=True,
    ),
    Column("payloads", "list", "names of the payloads"),
    Column("payload_count", "int32", "satellites or capsules carried", nullable=True),
    Column("customers", "list", "who the payloads were launched for"),
    Column("application", "string", "what the main payload is for", nullable=True),
    Column("rideshare", "bool", "payloads of several customers shared the launch"),
    Column("dragon", "string", "cargo or crew when the payload is a Dragon", nullable=True),
    Column(
        "landing_attempted",
        "bool",
        "the booster came back to land: false when none was tried or it never came to it",
    ),
    Column(
        "landing_type",
        "string",
        "planned: ASDS (drone ship), RTLS (back to the launch site), Ocean (soft landing on water), Parachute",
        nullable=True,
    ),
    Column(
        "landing_pad",
        "string",
        "drone ship or landing zone (LZ) planned; known of the API's launches only",
        nullable=True,
    ),
    Column(
        "landing_outcome", "string", "success, failure, precluded (lost before it came to land) or no attempt"
    ),
    Column(
        "landed",
        "bool",
        "the landing succeeded; null exactly where landing_attempted is false",
        nullable=True,
    ),
    Column("launch_success", "bool", "the payload was delivered", nullable=True),
    Column(
        "source",
        "string",
        "which source the row comes from: api, csv or both; simulated in the generated sample",
    ),
    Column("api_flight_number", "int32", "the API's flight_number, over all SpaceX rockets", nullable=True),
    Column("csv_flight_number", "string", "the CSV's Flight Number", nullable=True),
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
        raise ValueError(f"Launches without a value in one of {', '.join(required)}: {lacking}")
    return columns.typed(table, COLUMNS)


def features() -> "datasets.Features":
    """Return the columns as typed `datasets` features."""
    return columns.features(COLUMNS)
