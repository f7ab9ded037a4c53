"""The inputs of the landing model: ten features, all known before liftoff, with the reason for each."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import ceil, floor

import numpy as np
import pandas as pd

RECENT = 50


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One raw input. `optional` ones may be missing (NaN)."""

    name: str
    label: str
    kind: str
    why: str
    unit: str = ""
    integer: bool = False
    step: float | None = None
    optional: bool = False


FEATURES = (
    Feature(
        name="landing_type",
        label="Planned landing",
        kind="category",
        why="A drone ship is a small, moving target far downrange. A booster that lands on a drone ship arrives "
        "faster and with less propellant than one that returns to the launch site (RTLS). The type of "
        "landing is planned before the flight.",
    ),
    Feature(
        name="orbit",
        label="Orbit",
        kind="category",
        why="On a flight to a higher orbit, the booster separates later and has less propellant left for the landing.",
    ),
    Feature(
        name="launch_site",
        label="Launch site",
        kind="category",
        why="The two coasts differ in sea state, in weather at the drone ship, and in landing zones.",
    ),
    Feature(
        name="payload_mass_kg",
        label="Payload mass",
        kind="number",
        unit="kg",
        step=1.0,
        optional=True,
        why="A heavier payload leaves less propellant for the landing. Some payload masses are secret, so this value is optional.",
    ),
    Feature(
        name="booster_flight",
        label="Flight of this booster",
        kind="number",
        integer=True,
        step=1.0,
        why="Engines, tanks and legs wear with each flight. The first flight of a new booster is number 1.",
    ),
    Feature(
        name="block",
        label="Block",
        kind="number",
        integer=True,
        step=1.0,
        why="The block is the version of the booster. Later blocks have better legs and grid fins. The block is also a "
        "proxy for the launch date, because each block was soon replaced by the next.",
    ),
    Feature(
        name="earlier_attempts",
        label="Earlier landing attempts",
        kind="number",
        unit="attempts",
        integer=True,
        step=1.0,
        why="Failures become rarer as experience grows. The model uses the logarithm of the number of earlier "
        "attempts, as in Duane's reliability growth model (1964).",
    ),
    Feature(
        name="earlier_attempts_same_type",
        label="Earlier attempts of this landing type",
        kind="number",
        unit="attempts",
        integer=True,
        step=1.0,
        why="SpaceX had to learn each type of landing separately: on water, on land and on a drone ship.",
    ),
    Feature(
        name="earlier_attempts_same_block",
        label="Earlier attempts with this block",
        kind="number",
        unit="attempts",
        integer=True,
        step=1.0,
        why="A new block has new parts, which can fail in new ways.",
    ),
    Feature(
        name="landed_share_last_ten",
        label="Share of successful landings in the last ten attempts",
        kind="number",
        step=0.1,
        why="Recent landing outcomes may depend on factors that are not in the dataset. The share of successful landings is correlated with the number of attempts and the block number, so its coefficient does not isolate the effect of recent outcomes.",
    ),
)
NAMES = tuple(feature.name for feature in FEATURES)
NUMBERS = tuple(feature.name for feature in FEATURES if feature.kind == "number")
CATEGORIES = tuple(feature.name for feature in FEATURES if feature.kind == "category")


def make_flights(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per landing attempt, oldest first: its identity, ``landed`` and the features `NAMES`.

    An attempt is a launch whose booster came back to land under its engines, ``landed`` not null. The two
    parachute attempts of 2010 are left out, also from the counts, because no later landing resembles
    them. A row's features come only from that row's plan and from the outcomes of earlier rows.

    Parameters
    ----------
    table : DataFrame
        The dataset falcon9-landings; it is not changed.
    """
    attempts = table[table["landed"].notna() & (table["landing_type"] != "Parachute")]
    attempts = attempts.sort_values("date_utc", kind="stable").reset_index(drop=True)
    landed = attempts["landed"].astype(bool)
    flights = pd.DataFrame(
        {
            "name": attempts["name"].astype(str),
            "date_utc": pd.to_datetime(attempts["date_utc"]),
            "booster_serial": attempts["booster_serial"].astype(object),
            "landed": landed,
        }
    )
    for name in CATEGORIES:
        flights[name] = attempts[name].astype(object).where(attempts[name].notna(), "")
    for name in ("payload_mass_kg", "booster_flight", "block"):
        flights[name] = attempts[name].astype(float)
    flights["earlier_attempts"] = np.arange(len(flights), dtype=float)
    for name, of in (("type", "landing_type"), ("block", "block")):
        flights[f"earlier_attempts_same_{name}"] = flights.groupby(of, dropna=False).cumcount().astype(float)
    flights["landed_share_last_ten"] = _share_of_last_ten(landed)
    return flights[["name", "date_utc", "booster_serial", "landed", *NAMES]]


def inputs(flights: pd.DataFrame) -> dict:
    """Describe the model's inputs for a form: ranges from the data, with the *next* flight as default.

    The default is the median (for a category, the most common value) of the last `RECENT` flights. For
    the experience features, the default is the count after the last flight, and the range is widened to include it.
    """
    described = []
    usual = _usual(flights)
    for feature in FEATURES:
        known = flights[feature.name]
        entry = asdict(feature) | {"min": None, "max": None, "choices": None, "default": usual[feature.name]}
        if feature.kind == "number":
            entry["min"] = _plain(min(known.min(), usual[feature.name]), feature, floor)
            entry["max"] = _plain(max(known.max(), usual[feature.name]), feature, ceil)
            entry["default"] = _plain(usual[feature.name], feature, round)
        else:
            entry["choices"] = [choice for choice in known.value_counts().index if choice]
        described.append(entry)
    return {"features": described, "target": "landed"}


def _share_of_last_ten(landed: pd.Series) -> np.ndarray:
    """Return the success rate of up to ten attempts before each attempt (0.5 before the first attempt)."""
    share = landed.astype(float).shift(1).rolling(10, min_periods=1).mean()
    return share.fillna(0.5).to_numpy()


def _usual(flights: pd.DataFrame) -> dict[str, float | str]:
    recent = flights.tail(RECENT)
    usual = {name: recent[name].mode().iloc[0] for name in (*CATEGORIES, "block")}
    usual |= {name: recent[name].median() for name in ("payload_mass_kg", "booster_flight")}
    usual["earlier_attempts"] = len(flights)
    usual["earlier_attempts_same_type"] = (flights["landing_type"] == usual["landing_type"]).sum()
    usual["earlier_attempts_same_block"] = (flights["block"] == usual["block"]).sum()
    usual["landed_share_last_ten"] = flights["landed"].tail(10).mean()
    return usual


def _plain(value: float, feature: Feature, rounding: Callable[[float], int]) -> float | int:
    """Return a whole number if the feature has integer steps, otherwise four decimals."""
    return rounding(float(value)) if feature.step == 1.0 else round(float(value), 4)
