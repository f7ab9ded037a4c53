"""Convert the source's rows of text to typed values and flags: no row is dropped, and every correction is recorded."""

from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.data import columns
from spacehub.data.meteorite_landings.classes import group_of
from spacehub.data.meteorite_landings.table import COLUMNS, FLAGS

RAW_COLUMNS = (
    "name",
    "id",
    "nametype",
    "recclass",
    "mass (g)",
    "fall",
    "year",
    "reclat",
    "reclong",
    "GeoLocation",
)
# The list ends in 2013.
LAST_YEAR = 2013
# The first full year after the calendar reform of 1582. Each earlier year in the source is one too low: 1491 for
# Ensisheim, which fell on 7 November 1492, and 1399 for Elbogen, which fell in 1400. The cause: 1 January in the
# Julian calendar is a day in December in the Gregorian calendar.
GREGORIAN = 1583
# Bench Crater (Apollo 12) and Hadley Rille (Apollo 15) are on the Moon, and Meridiani Planum is on Mars;
# their positions are those of the Moon and of Mars.
NOT_ON_EARTH = (5013, 11469, 32789)
# 223 of the Yamato finds have the field's longitude but a latitude of 0° (the field is at 71.5° S, 35.67° E).
LATITUDE_ZERO = "Yamato"
# Three of the Elephant Moraine finds have the field's longitude, but are 9.4° south of the field (at 76.28° S).
ELEPHANT_MORAINE, ELEPHANT_MORAINE_SOUTH = "Elephant Moraine", -80.0
RESPELLED = {"Acapulcoite/lodranite": "Acapulcoite/Lodranite"}


def read(path: Path) -> pd.DataFrame:
    """Read the source's table as unchanged text; a blank cell is an empty text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def clean(raw: pd.DataFrame) -> pd.DataFrame:
    """Convert the source's rows to the columns of `table.COLUMNS`, in the source's order.

    Parameters
    ----------
    raw : DataFrame
        The columns `RAW_COLUMNS`, all text.

    Raises
    ------
    ValueError
        If a cell that needs a number has none, or no group is known for a class.
    """
    mass, year, latitude, longitude = numbers(raw)
    wrong = defects(raw)
    classes = raw["recclass"].str.strip().replace(RESPELLED)
    groups = {name: group_of(name) for name in classes.unique()}
    placed = ~wrong["position_zero"]
    cleaned = pd.DataFrame(
        {
            "id": raw["id"].astype(int),
            "name": raw["name"].str.strip(),
            "name_type": raw["nametype"],
            "class": classes,
            "group": classes.map(groups),
            "mass_g": mass.where(~wrong["mass_zero"]),
            "fall": raw["fall"],
            "year": year.where(~wrong["year_in_future"]) + wrong["year_one_early"],
            "latitude": latitude.where(placed),
            "longitude": longitude.where(placed).where(~(longitude > 180), longitude - 360),
            "flags": _listed(wrong),
        }
    )
    return columns.typed(cleaned, COLUMNS)


def numbers(raw: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series, pd.Series]:
    """Return mass in g, year, latitude and longitude in degrees from the source, NaN if missing."""
    cells = (raw[name].replace("", np.nan) for name in ("mass (g)", "year", "reclat", "reclong"))
    return tuple(pd.to_numeric(column).astype(float) for column in cells)


def defects(raw: pd.DataFrame) -> dict[str, pd.Series]:
    """Return, for each of `table.FLAGS`, which rows have the flag."""
    mass, year, latitude, longitude = numbers(raw)
    return {
        "mass_zero": mass == 0,
        "year_in_future": year > LAST_YEAR,
        "year_one_early": year < GREGORIAN - 1,
        "position_zero": (latitude == 0) & (longitude == 0),
        "latitude_zero": (latitude == 0) & (longitude != 0) & raw["name"].str.startswith(LATITUDE_ZERO),
        "latitude_doubtful": raw["name"].str.startswith(ELEPHANT_MORAINE)
        & (latitude < ELEPHANT_MORAINE_SOUTH),
        "not_on_earth": raw["id"].astype(int).isin(NOT_ON_EARTH),
    }


def _listed(wrong: dict[str, pd.Series]) -> list[list[str]]:
    has = np.column_stack([wrong[flag] for flag in FLAGS])
    names = np.array(list(FLAGS))
    return [names[row].tolist() for row in has]
