"""Merge two sources into one row per launch: an explicit rule for each field, and a count of its decisions."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from spacehub.data.falcon9_landings.codes import customer_key
from spacehub.data.falcon9_landings.corrections import CORRECTIONS, Correction


def _same(api: object, csv: object) -> bool:
    return api == csv


def _same_minute(api: datetime, csv: datetime) -> bool:
    return abs((api - csv).total_seconds()) < 60


def _same_mass(api: float, csv: float) -> bool:
    return math.isclose(api, csv, rel_tol=0.01)


def _same_customers(api: list[str], csv: list[str]) -> bool:
    return {customer_key(name) for name in api} == {customer_key(name) for name in csv}


@dataclass(frozen=True)
class Rule:
    """Which source wins for `field` if both have a value and the values are not the `same`, and why."""

    field: str
    prefer: str
    why: str
    same: Callable[[object, object], bool] = _same


RULES = [
    Rule(
        "date_utc",
        "csv",
        "The CSV file was compiled after the flights and usually gives the actual launch time. The API often gives "
        "the start of the planned launch window instead. If a date in the CSV file contradicts the launch order in "
        "this file, the year or month is wrong. In this case, the API's date is used.",
        _same_minute,
    ),
    Rule("booster_serial", "csv", "For Starlink 4-35, the API wrongly names a Falcon Heavy booster (B1072)."),
    Rule(
        "booster_flight",
        "csv",
        "The API lists flight 2 of booster B1063 twice, but the second entry (DART) is flight 3.",
    ),
    Rule(
        "block",
        "api",
        "The API gives the block of each booster. The booster versions in the CSV file are less precise, and "
        "each new version first appears too late in the file.",
    ),
    Rule(
        "launch_site",
        "csv",
        "The API gives the planned launch pad, which can differ from the actual launch pad.",
    ),
    Rule(
        "orbit",
        "csv",
        "The CSV file gives the orbit in which the payload was released, and names orbits consistently. "
        "The API often gives the final orbit instead. The orbits from both sources are converted to the codes in this "
        "table before they are compared.",
    ),
    Rule(
        "payload_mass_kg",
        "csv",
        "The API often gives the planned mass, or the mass of only one satellite. Masses that differ by at "
        "most 1 % count as equal. If the mass of any payload is unknown, the total mass is also unknown.",
        _same_mass,
    ),
    Rule("customers", "csv", "The CSV file spells the name of each customer consistently.", _same_customers),
    Rule("dragon", "csv", "The CSV file gives the type of Dragon for every Dragon launch."),
    Rule(
        "landing_outcome",
        "csv",
        "The first two boosters attempted to land with parachutes, but the API does not list these attempts.",
    ),
    Rule(
        "landing_type",
        "csv",
        "The first two boosters attempted to land with parachutes, but the API does not list these attempts.",
    ),
    Rule(
        "launch_success",
        "api",
        "For one launch, the API does not say whether the launch succeeded. For all other launches in the API, the "
        "two sources agree on whether the launch succeeded. Both sources list Amos-6, which was lost on the pad, as a failure.",
    ),
]

# Not compared: names are always worded differently, and the other fields exist in only one source.
NAMED = {"payloads": "csv", "payload_count": "csv", "application": "csv", "landing_pad": "api"}


@dataclass
class Tally:
    """Where the values of one field came from; the launches where the sources disagree, by name."""

    agree: int = 0
    disagree: int = 0
    api_only: int = 0
    csv_only: int = 0
    neither: int = 0
    taken_api: int = 0
    taken_csv: int = 0
    corrected: int = 0
    disagreements: list[dict] = field(default_factory=list)


def merge(pairs: list[tuple[dict | None, dict | None, str | None]]) -> tuple[list[dict], dict[str, Tally]]:
    """Merge each pair of launches into one row, and tally each field of `RULES`."""
    tallies = {rule.field: Tally() for rule in RULES}
    corrections = {(correction.launch, correction.field): correction for correction in CORRECTIONS}
    rows = []
    for api, csv, _ in pairs:
        launch = csv["csv_flight_number"] if csv else None
        row = {
            "api_flight_number": api["api_flight_number"] if api else None,
            "csv_flight_number": launch,
            "source": "both" if api and csv else "api" if api else "csv",
        }
        for name, prefer in NAMED.items():
            row[name] = _named(api, csv, name, prefer, corrections.get((launch, name)))
        row["name"] = api["name"] if api else " / ".join(row["payloads"])
        for rule in RULES:
            correction = corrections.get((launch, rule.field))
            row[rule.field] = _resolve(api, csv, rule, correction, tallies[rule.field], row["name"])
        row["landing_attempted"] = row["landing_outcome"] in ("success", "failure")
        row["landed"] = row["landing_outcome"] == "success" if row["landing_attempted"] else None
        row |= {name: row[name] or [] for name in ("payloads", "customers")}
        row["rideshare"] = _rideshare(api, row)
        rows.append(row)
    return rows, tallies


def _value(launch: dict | None, name: str) -> object:
    value = launch.get(name) if launch else None
    return None if value == [] else value


def _named(
    api: dict | None, csv: dict | None, name: str, prefer: str, correction: Correction | None
) -> object:
    if correction:
        return correction.value
    first, second = (api, csv) if prefer == "api" else (csv, api)
    value = _value(first, name)
    return _value(second, name) if value is None else value


def _resolve(
    api: dict | None, csv: dict | None, rule: Rule, correction: Correction | None, tally: Tally, launch: str
) -> object:
    """Choose the value of one field of one launch, and record the choice in `tally`."""
    has = {"api": _value(api, rule.field), "csv": _value(csv, rule.field)}
    known = [source for source, value in has.items() if value is not None]
    taken = rule.prefer if len(known) == 2 else known[0] if known else None
    if correction:
        taken = correction.take
        tally.corrected += 1
    else:
        tally.taken_api += taken == "api"
        tally.taken_csv += taken == "csv"
    if len(known) < 2:
        kind = f"{known[0]}_only" if known else "neither"
    elif rule.same(has["api"], has["csv"]):
        kind = "agree"
    else:
        kind = "disagree"
        tally.disagreements.append({"launch": launch, **has, "taken": taken})
    setattr(tally, kind, getattr(tally, kind) + 1)
    return correction.value if taken == "value" else has.get(taken)


def _rideshare(api: dict | None, row: dict) -> bool:
    """Return whether several customers shared the launch, by either source."""
    shared = [(len(launch["payloads"]), launch["customers"]) for launch in (api, row) if launch]
    return (
        any(payloads > 1 and len(customers) > 1 for payloads, customers in shared)
        or row["customers"] == ["Various"]
        or "SmallSat" in "".join(row["payloads"])
    )
