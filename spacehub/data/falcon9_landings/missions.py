"""Read the second source: the missions CSV, with one row per payload, as one dictionary per Falcon 9 launch."""

import bisect
import csv
import re
from datetime import datetime
from itertools import groupby
from pathlib import Path

from spacehub.data.falcon9_landings.codes import (
    BLOCKS,
    LANDING_OUTCOMES,
    LANDING_TYPES,
    ORBITS,
    tidy,
    tidy_name,
)

# The CSV file gives 8,700 kg for ten launches: five with classified payloads, and five rideshares. The API
# lists nine of these launches, all without a mass. So 8,700 kg is a placeholder for an unknown mass.
FILLER_MASS_KG = 8700.0

CREWED = re.compile(r"Crew|Inspiration|Axiom")


def read(missions: Path) -> tuple[list[dict], dict[str, int]]:
    """Read the CSV's Falcon 9 launches, in order, and count the excluded rows and the stripped cells.

    A launch's rows repeat its total mass, so the mass is taken once and never summed.

    Returns
    -------
    rows : list of dict
        One dictionary per launch.
    counts : dict
        ``rows``, ``falcon_1_rows``, ``falcon_heavy_rows``, ``stray_blank_cells``.
    """
    with missions.open(encoding="utf-8", newline="") as file:
        raw = list(csv.DictReader(file))
    counts = {
        "rows": len(raw),
        "falcon_1_rows": sum(row["Launcher Version"].strip() == "F1" for row in raw),
        "falcon_heavy_rows": sum("Falcon Heavy" in row["Launcher Version"] for row in raw),
        "stray_blank_cells": sum(cell != cell.strip() for row in raw for cell in row.values()),
    }
    clean = [{column: cell.strip() for column, cell in row.items()} for row in raw]
    ours = [row for row in clean if row["Launcher Version"] in BLOCKS]
    rows = [_row(list(group)) for _, group in groupby(ours, key=lambda row: row["Flight Number"])]
    in_order = _longest_in_order([row["date_utc"] for row in rows])
    for position, row in enumerate(rows):
        row["date_slip"] = position not in in_order
        if row["date_slip"]:
            row["date_utc"] = None
    return rows, counts


def _row(payloads: list[dict]) -> dict:
    first = payloads[0]
    serial, flight = _booster(first["Boosters Version"])
    mass = float(first["Payload Mass (kg)"])
    names = [row["Payload"] for row in payloads]
    customers = [
        tidy(customer)
        for row in payloads
        for customer in row["Customer"].replace("NASA NOAA", "NASA / NOAA").split(" / ")
    ]
    dragon = "crew" if CREWED.search(names[0]) else "cargo"
    return {
        "csv_flight_number": first["Flight Number"],
        "csv_rows": len(payloads),
        "date_utc": datetime.fromisoformat(first["Launch Date"]),
        "booster_serial": serial,
        "booster_flight": flight,
        "block": BLOCKS[first["Launcher Version"]],
        "launch_site": f"{first['Launch Site']} {first['Launch Facility']}",
        "orbit": ORBITS.get(first["Orbit"], first["Orbit"]),
        "payload_mass_kg": None if mass == FILLER_MASS_KG else mass,
        "filler_mass": mass == FILLER_MASS_KG,
        "payloads": [tidy_name(name) for name in names],
        "payload_count": sum(int(row["Payload Quantity"]) for row in payloads),
        "customers": list(dict.fromkeys(customers)),
        "application": first["Payload Application"],
        "dragon": dragon if first["Dragon Model"] else None,
        "landing_outcome": LANDING_OUTCOMES[first["Landing Result"]],
        "landing_type": LANDING_TYPES[first["Booster Landing"]],
        "launch_success": first["Launch Outcome"] == "Success",
        "stray_characters": any("º" in name for name in names),
    }


def _booster(text: str) -> tuple[str | None, int | None]:
    """Split ``B1049.3`` into serial and flight; a serial without a flight number flew once.

    >>> _booster("B1049.3"), _booster("B0003"), _booster("Unknown")
    (('B1049', 3), ('B0003', 1), (None, None))
    """
    if text == "Unknown":
        return None, None
    serial, _, flight = text.partition(".")
    return serial, int(flight or 1)


def _longest_in_order(dates: list[datetime]) -> set[int]:
    """Return the positions of a longest non-decreasing subsequence of `dates`; the other dates are wrong."""
    ends: list[datetime] = []
    last: list[int] = []
    before: dict[int, int | None] = {}
    for position, date in enumerate(dates):
        length = bisect.bisect_right(ends, date)
        before[position] = last[length - 1] if length else None
        ends[length : length + 1] = [date]
        last[length : length + 1] = [position]
    kept, position = set(), last[-1]
    while position is not None:
        kept.add(position)
        position = before[position]
    return kept
