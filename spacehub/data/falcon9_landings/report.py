"""Compute the numbers on the dataset's card: about the table, the merge, and the sources' defects."""

from dataclasses import replace
from datetime import datetime

import pandas as pd

from spacehub.data.columns import Column, described
from spacehub.data.falcon9_landings.codes import ORBIT_MEANINGS
from spacehub.data.falcon9_landings.corrections import CORRECTIONS
from spacehub.data.falcon9_landings.merge import RULES, Tally
from spacehub.data.falcon9_landings.table import COLUMNS


def describe(table: pd.DataFrame) -> dict:
    """Count the content of the table: rows, sources, landings by type and year, missing values, columns."""
    outcomes = table["landing_outcome"].value_counts()
    return {
        "rows": len(table),
        "rows_by_source": {name: int(n) for name, n in table["source"].value_counts().items()},
        "first_launch": table["date_utc"].min().isoformat(),
        "last_launch": table["date_utc"].max().isoformat(),
        "outcomes": {
            name: int(outcomes.get(name, 0)) for name in ("success", "failure", "precluded", "no attempt")
        },
        "attempts": int(table["landing_attempted"].sum()),
        "landings_by_type": _landings(table, "landing_type"),
        "landings_by_year": _landings(table.assign(year=table["date_utc"].dt.year), "year"),
        "landings_by_block": _landings(table, "block"),
        "columns": described([replace(column, meaning=_meaning(column, table)) for column in COLUMNS], table),
        "mass_unknown": table[table["payload_mass_kg"].isna()]["name"].tolist(),
    }


def _meaning(column: Column, table: pd.DataFrame) -> str:
    """Explain a column; for the orbits, only the codes that occur."""
    if column.name != "orbit":
        return column.meaning
    present = set(table["orbit"].dropna())
    codes = [f"{code} ({words})" for code, words in ORBIT_MEANINGS.items() if code in present]
    return f"{column.meaning.partition(':')[0]}: {', '.join(codes)}"


def _landings(table: pd.DataFrame, by: str) -> list[dict]:
    groups = table[table["landing_attempted"]].groupby(by)["landed"]
    return [
        {
            "group": str(group),
            "attempts": len(landed),
            "success": int(landed.sum()),
            "failure": int((~landed).sum()),
        }
        for group, landed in groups
    ]


def describe_merge(
    tallies: dict[str, Tally], matched: dict[str, int], api: list[dict], csv: list[dict]
) -> dict:
    """Report how launches were paired and, by field, the rule, its decisions, and the launches concerned."""
    both = sum(matched.values())
    return {
        "api_launches": len(api),
        "csv_launches": len(csv),
        "matched": {"booster": matched["booster"], "date": matched["date"]},
        "api_alone": len(api) - both,
        "csv_alone": len(csv) - both,
        "fields": [
            {"field": rule.field, "prefer": rule.prefer, "why": rule.why, **_plain(tallies[rule.field])}
            for rule in RULES
        ],
        "corrections": [
            {name: _json(value) for name, value in vars(correction).items()} for correction in CORRECTIONS
        ],
    }


def _plain(tally: Tally) -> dict:
    counts = {name: value for name, value in vars(tally).items() if name != "disagreements"}
    return counts | {
        "disagreements": [
            {key: _json(value) for key, value in disagreement.items()} for disagreement in tally.disagreements
        ]
    }


def _json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def describe_traps(
    api: list[dict], csv: list[dict], counts: dict[str, int], table: pd.DataFrame
) -> list[dict]:
    """Report each known defect of the sources, how it was handled, and how many items it affected."""
    corrected = [correction.field for correction in CORRECTIONS]
    boosters = pd.Series([(row["booster_serial"], row["booster_flight"]) for row in api])
    without = [row["api_flight_number"] for row in api if row["payload_mass_kg"] is None]
    filled = table[table["api_flight_number"].isin(without)]["payload_mass_kg"].notna().sum()
    outcome, kind = table["landing_outcome"], table["landing_type"]
    return [
        _trap(
            "no_attempt",
            "No landing was tried (the API's outcome is null and so is its type)",
            "landing_attempted is false and landed null: not a failure",
            (outcome == "no attempt").sum(),
        ),
        _trap(
            "never_reached",
            "A landing was planned, and the rocket was lost before it (CRS-7 in flight, Amos-6 on the pad)",
            "landing_attempted is false, landed null, landing_outcome precluded; landing_type keeps the plan",
            (outcome == "precluded").sum(),
        ),
        _trap(
            "parachute",
            "The first two boosters were to come down on parachutes and broke up; the API knows of no attempt",
            "landing_attempted is true, landed false, landing_type Parachute",
            (kind == "Parachute").sum(),
        ),
        _trap(
            "ocean",
            "Boosters set down on the open sea on purpose",
            "landing_type Ocean; landed tells whether it was under control, though none was recovered",
            (kind == "Ocean").sum(),
        ),
        _trap("falcon_1", "Falcon 1 in the CSV", "dropped", counts["falcon_1_rows"], "CSV rows"),
        _trap("falcon_heavy", "Falcon Heavy in the CSV", "dropped", counts["falcon_heavy_rows"], "CSV rows"),
        _trap(
            "several_rows",
            "The CSV has a row per payload, each with the total mass of the launch",
            "one row; names and customers joined, counts of payloads summed, the mass taken once",
            sum(row["csv_rows"] > 1 for row in csv),
        ),
        _trap(
            "listed_twice",
            "One payload on two CSV rows, under two names",
            "counted once",
            corrected.count("payloads"),
        ),
        _trap("stray_blanks", "Stray blanks", "stripped", counts["stray_blank_cells"], "CSV cells"),
        _trap(
            "stray_characters",
            "º for ° and ’ for ' in names",
            "put right",
            sum(row["stray_characters"] for row in [*api, *csv]),
        ),
        _trap(
            "date_slip",
            "CSV dates that break the CSV's own launch order: a slip of year or month",
            "the API's date, or the year put right where the API lacks the launch",
            sum(row["date_slip"] for row in csv),
        ),
        _trap(
            "date_corrected",
            "CSV dates with a wrong clock, and the planned date of a rocket lost before it",
            "the API's date; see the corrections",
            sum(c.field == "date_utc" and c.take == "api" for c in CORRECTIONS),
        ),
        _trap(
            "same_booster_flight",
            "A serial and flight that the API has twice (B1063, flight 2)",
            "the CSV's flight 3 for the second of them, DART",
            boosters.duplicated().sum(),
        ),
        _trap(
            "unknown_booster",
            "Boosters that the CSV calls Unknown",
            "the API's serial and flight",
            sum(row["booster_serial"] is None for row in csv),
        ),
        _trap(
            "filler_mass",
            "8,700 kg in the CSV, the same on classified payloads and rideshares",
            "payload_mass_kg is null",
            sum(row["filler_mass"] for row in csv),
        ),
        _trap(
            "wrong_mass",
            "Masses that cannot be the payload's: beyond what the rocket could lift, or with the capsule's own",
            "null or the API's mass; see the corrections",
            corrected.count("payload_mass_kg"),
        ),
        _trap(
            "api_mass_missing",
            "Launches of which the API lacks the mass of a payload",
            f"the CSV's mass for {filled} of them, null for the others",
            len(without),
        ),
        _trap(
            "foreign_payload",
            "A payload that the API has on two launches",
            "left to the launch that bears its name",
            sum(row["foreign_payloads"] for row in api),
        ),
        _trap(
            "vleo",
            "Orbits that the API calls VLEO, on Starlink flights alone and not on all",
            "LEO, then compared with the CSV",
            sum(row["vleo"] for row in api),
        ),
        _trap(
            "success_unknown",
            "Launches that the API gives no result for",
            "the CSV's",
            sum(row["launch_success"] is None for row in api),
        ),
    ]


def _trap(name: str, what: str, handling: str, count: int, unit: str = "launches") -> dict:
    return {"name": name, "what": what, "handling": handling, "count": int(count), "unit": unit}
