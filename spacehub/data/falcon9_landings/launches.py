"""Read the first source: the SpaceX API's launches, with payloads and pads, one dictionary per launch."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path

from spacehub.data.falcon9_landings.codes import ORBITS, SITES, tidy, tidy_name


def read(launches: Path, payloads: Path, launchpads: Path) -> list[dict]:
    """Read the API's Falcon 9 launches, in its order.

    A launch's payloads and pad are looked up by ID in the other two files. If a payload is listed for two
    launches, it belongs to the launch that has the same name.
    """
    raw = [entry for entry in _load(launches) if entry["rocket"]["name"] == "Falcon 9"]
    by_id = {payload["id"]: payload for payload in _load(payloads)}
    pads = {pad["id"]: SITES[pad["name"]] for pad in _load(launchpads) if pad["name"] in SITES}
    uses = Counter(payload["id"] for launch in raw for payload in launch["payloads"])
    rows = []
    for launch in sorted(raw, key=lambda launch: launch["flight_number"]):
        carried = [by_id[payload["id"]] for payload in launch["payloads"]]
        kept = [p for p in carried if uses[p["id"]] == 1 or p["name"] in launch["name"]]
        rows.append(_row(launch, kept, pads) | {"foreign_payloads": len(carried) - len(kept)})
    return rows


def _load(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))


def _row(launch: dict, payloads: list[dict], pads: dict[str, str]) -> dict:
    [core] = launch["cores"]
    masses = [payload["mass_kg"] for payload in payloads]
    customers = [tidy(customer) for payload in payloads for customer in payload["customers"]]
    orbits = [payload["orbit"] for payload in payloads]
    types = {payload["type"] for payload in payloads}
    return {
        "api_flight_number": launch["flight_number"],
        "name": tidy_name(launch["name"]),
        "date_utc": datetime.fromisoformat(launch["date_utc"]).replace(tzinfo=None, microsecond=0),
        "booster_serial": core["core"]["serial"],
        "booster_flight": core["flight"],
        "block": core["core"]["block"],
        "launch_site": pads[launch["launchpad"]["id"]],
        "orbit": ORBITS.get(orbits[0], orbits[0]) if orbits else None,
        "payload_mass_kg": sum(masses) if masses and None not in masses else None,
        "payloads": [tidy_name(payload["name"]) for payload in payloads],
        "customers": list(dict.fromkeys(customers)),
        "dragon": "crew" if "Crew Dragon" in types else "cargo" if _cargo(types) else None,
        "landing_outcome": _outcome(core),
        "landing_type": core["landing_type"],
        "landing_pad": core["landpad"] and core["landpad"]["name"],
        "launch_success": launch["success"],
        "stray_characters": "’" in launch["name"],
        "vleo": "VLEO" in orbits,
    }


def _cargo(types: set[str]) -> bool:
    return any(kind.startswith("Dragon ") and kind != "Dragon Boilerplate" for kind in types)


def _outcome(core: dict) -> str:
    """Return the outcome of the landing; a planned landing without a result was precluded."""
    if not core["landing_attempt"]:
        return "no attempt"
    return {True: "success", False: "failure", None: "precluded"}[core["landing_success"]]
