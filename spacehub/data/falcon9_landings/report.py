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
    return f"{column.meaning.partition(':')[0]}: one of {', '.join(codes)}"


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
            "No landing was attempted, and the API gives neither an outcome nor a landing type",
            "`landing_attempted` is false and `landed` is null, so the launch does not count as a failure",
            (outcome == "no attempt").sum(),
        ),
        _trap(
            "never_reached",
            "A landing was planned, but the rocket was lost before the landing (CRS-7 in flight, Amos-6 on the pad)",
            "`landing_attempted` is false, `landed` is null and `landing_outcome` is precluded; `landing_type` is "
            "the planned type",
            (outcome == "precluded").sum(),
        ),
        _trap(
            "parachute",
            "The first two boosters had parachutes and broke up, but the API does not list these landing attempts",
            "`landing_attempted` is true, `landed` is false and `landing_type` is Parachute",
            (kind == "Parachute").sum(),
        ),
        _trap(
            "ocean",
            "The booster landed on the open sea as planned, and was not recovered",
            "`landing_type` is Ocean; `landed` is true if the landing was controlled",
            (kind == "Ocean").sum(),
        ),
        _trap(
            "falcon_1",
            "The CSV file also lists Falcon 1 launches",
            "dropped",
            counts["falcon_1_rows"],
            "CSV rows",
        ),
        _trap(
            "falcon_heavy",
            "The CSV file also lists Falcon Heavy launches",
            "dropped",
            counts["falcon_heavy_rows"],
            "CSV rows",
        ),
        _trap(
            "several_rows",
            "The CSV file has several rows for the launch, one per payload, and each row gives the total mass of all "
            "payloads",
            "The rows are merged into one row with all names and customers, the sum of the payload counts, and the "
            "total mass",
            sum(row["csv_rows"] > 1 for row in csv),
        ),
        _trap(
            "listed_twice",
            "The CSV file lists one payload twice, under two names",
            "counted once",
            corrected.count("payloads"),
        ),
        _trap(
            "stray_blanks",
            "The cell contains extra whitespace",
            "removed",
            counts["stray_blank_cells"],
            "CSV cells",
        ),
        _trap(
            "stray_characters",
            "A name contains º instead of °, or ’ instead of '",
            "corrected",
            sum(row["stray_characters"] for row in [*api, *csv]),
        ),
        _trap(
            "date_slip",
            "A date in the CSV file has the wrong year or month, and therefore contradicts the launch order in this file",
            "The date is replaced by the API's date. If the API does not list the launch, the year is corrected instead",
            sum(row["date_slip"] for row in csv),
        ),
        _trap(
            "date_corrected",
            "The CSV file gives the wrong time of day or, for a rocket that was lost before its launch, the planned launch date",
            "The date is replaced by the API's date (see the corrections)",
            sum(c.field == "date_utc" and c.take == "api" for c in CORRECTIONS),
        ),
        _trap(
            "same_booster_flight",
            "The API lists the same flight of a booster twice (B1063, flight 2)",
            "The second entry, DART, gets flight number 3 from the CSV file",
            boosters.duplicated().sum(),
        ),
        _trap(
            "unknown_booster",
            "The CSV file lists the booster as Unknown",
            "The serial number and flight number come from the API",
            sum(row["booster_serial"] is None for row in csv),
        ),
        _trap(
            "filler_mass",
            "The CSV file gives a payload mass of 8,700 kg as a placeholder for classified payloads and rideshares",
            "`payload_mass_kg` is null",
            sum(row["filler_mass"] for row in csv),
        ),
        _trap(
            "wrong_mass",
            "The payload mass is too large: it exceeds what the rocket could lift, or it includes the capsule",
            "The mass is replaced by null or by the API's mass (see the corrections)",
            corrected.count("payload_mass_kg"),
        ),
        _trap(
            "api_mass_missing",
            "The API does not give the mass of every payload of the launch",
            f"For {filled} launches, the mass from the CSV file is used. For the other launches, the mass is null",
            len(without),
        ),
        _trap(
            "foreign_payload",
            "The API lists the same payload for two launches",
            "The payload is assigned only to the launch that has the same name",
            sum(row["foreign_payloads"] for row in api),
        ),
        _trap(
            "vleo",
            "The API gives VLEO as the orbit of some Starlink flights, but not of all of them",
            "VLEO is replaced by LEO before the orbit is compared with that in the CSV file",
            sum(row["vleo"] for row in api),
        ),
        _trap(
            "success_unknown",
            "The API does not say whether the launch succeeded",
            "The result from the CSV file is used",
            sum(row["launch_success"] is None for row in api),
        ),
    ]


def _trap(name: str, what: str, handling: str, count: int, unit: str = "launches") -> dict:
    return {"name": name, "what": what, "handling": handling, "count": int(count), "unit": unit}
