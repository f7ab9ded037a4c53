"""Generate the sample for machines without a source: invented launches that a model can learn from."""

from datetime import datetime, timedelta

import numpy as np

LAUNCHES = 200
FAILURE_RATE = 0.07
FIRST = datetime(2012, 1, 1)
LAST = datetime(2023, 1, 1)

SITES = ["CCSFS SLC-40", "KSC LC-39A", "VSFB SLC-4E"]
# Share of launches, mean payload mass and its spread in kg.
ORBITS = {
    "LEO": (0.45, 13500, 2500),
    "GTO": (0.22, 5000, 1000),
    "ISS": (0.18, 2600, 500),
    "SSO": (0.10, 3000, 1200),
    "MEO": (0.05, 4200, 200),
}


def rows(seed: int) -> list[dict]:
    """Generate launches; booster and orbit determine the odds of the landing.

    Landings fail more often with new boosters, with early blocks, and after launches to GTO. About
    `FAILURE_RATE` of the attempts fail.
    """
    rng = np.random.default_rng(seed)
    share = np.sort(rng.beta(2.2, 1.0, LAUNCHES))
    boosters: dict[str, int] = {}
    launches = [_launch(rng, number, part, boosters) for number, part in enumerate(share, start=1)]
    attempts = [launch for launch in launches if launch["landing_attempted"]]
    chance = _scaled(np.array([_risk(launch) for launch in attempts]), FAILURE_RATE)
    for launch, failed in zip(attempts, rng.random(len(attempts)) < chance, strict=True):
        launch["landed"] = not failed
        launch["landing_outcome"] = "failure" if failed else "success"
    return launches


def _launch(rng: np.random.Generator, number: int, part: float, boosters: dict[str, int]) -> dict:
    orbit = str(rng.choice(list(ORBITS), p=[share for share, _, _ in ORBITS.values()]))
    _, mean, spread = ORBITS[orbit]
    mass = float(max(300, round(rng.normal(mean, spread), -1)))
    flown = [serial for serial, flights in boosters.items() if flights < 12]
    again = part > 0.4 and flown and rng.random() < 0.75
    serial = str(rng.choice(flown[-8:])) if again else f"SIM-{len(boosters) + 1:03d}"
    boosters[serial] = boosters.get(serial, 0) + 1
    block = min(5, 1 + int(part * 7))
    attempted = rng.random() < 0.3 + part and (orbit != "GTO" or mass < 6500)
    kind = "RTLS" if orbit != "GTO" and mass < 4000 and rng.random() < 0.7 else "ASDS"
    return {
        "name": f"Simulated {number}",
        "date_utc": (FIRST + part * (LAST - FIRST)).replace(microsecond=0) + timedelta(seconds=number),
        "booster_serial": serial,
        "booster_flight": boosters[serial],
        "block": block,
        "launch_site": str(rng.choice(SITES, p=[0.55, 0.27, 0.18])),
        "orbit": orbit,
        "payload_mass_kg": None if rng.random() < 0.06 else mass,
        "payloads": [f"Simulated payload {number}"],
        "payload_count": 50 if orbit == "LEO" else 1,
        "customers": [f"Simulated customer {rng.integers(1, 9)}"],
        "application": "Communications" if orbit in ("LEO", "GTO") else "Science",
        "rideshare": orbit == "SSO" and bool(rng.random() < 0.3),
        "dragon": "cargo" if orbit == "ISS" else None,
        "landing_attempted": bool(attempted),
        "landing_type": kind if attempted else None,
        "landing_pad": f"Simulated {kind}" if attempted else None,
        "landing_outcome": "no attempt",
        "landed": None,
        "launch_success": bool(rng.random() < 0.99),
        "source": "simulated",
        "api_flight_number": None,
        "csv_flight_number": None,
    }


def _risk(launch: dict) -> float:
    return (
        1.1 * (5 - launch["block"]) + 1.2 * (launch["orbit"] == "GTO") + 0.8 * (launch["booster_flight"] == 1)
    )


def _scaled(risk: np.ndarray, rate: float) -> np.ndarray:
    """Convert `risk`, a log-odds up to a constant, to probabilities whose mean is `rate`."""
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2
        chance = 1 / (1 + np.exp(-(risk + middle)))
        low, high = (middle, high) if chance.mean() < rate else (low, middle)
    return chance
