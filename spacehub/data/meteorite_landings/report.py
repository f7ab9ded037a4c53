"""Compute the numbers on the dataset's card: about the table, and the source's defects."""

import pandas as pd

from spacehub.data.columns import described
from spacehub.data.meteorite_landings import clean
from spacehub.data.meteorite_landings.classes import GROUPS
from spacehub.data.meteorite_landings.table import COLUMNS, FLAGS, MISPLACED


def describe(table: pd.DataFrame) -> dict:
    """Count the content of the table: rows, falls and finds, places, years, masses, groups, flags, columns."""
    placed = table["latitude"].notna()
    misplaced = table["flags"].map(lambda flags: any(flag in MISPLACED for flag in flags))
    years = table["year"].dropna()
    return {
        "rows": len(table),
        "fell": int((table["fall"] == "Fell").sum()),
        "found": int((table["fall"] == "Found").sum()),
        "placed": int(placed.sum()),
        "placed_on_earth": int((placed & ~misplaced).sum()),
        "places": len(table.loc[placed, ["latitude", "longitude"]].drop_duplicates()),
        "first_year": int(years.min()),
        "last_year": int(years.max()),
        "mass_by_fall": [_masses(fall, group["mass_g"].dropna()) for fall, group in table.groupby("fall")],
        "groups": _groups(table),
        "classes": table["class"].nunique(),
        "flags": {
            flag: {"meaning": meaning, "rows": int(table["flags"].map(lambda row, f=flag: f in row).sum())}
            for flag, meaning in FLAGS.items()
        },
        "columns": described(COLUMNS, table),
    }


def _masses(fall: str, masses: pd.Series) -> dict:
    low, median, high = masses.quantile([0.25, 0.5, 0.75])
    numbers = {"low_g": low, "median_g": median, "high_g": high, "largest_g": masses.max()}
    return {"fall": fall, "n": len(masses), **{name: float(number) for name, number in numbers.items()}}


def _groups(table: pd.DataFrame) -> list[dict]:
    counts = pd.crosstab(table["group"], table["fall"]).reindex(columns=["Fell", "Found"], fill_value=0)
    return [
        {"group": group, "fell": int(counts.at[group, "Fell"]), "found": int(counts.at[group, "Found"])}
        for group in GROUPS
        if group in counts.index
    ]


def describe_traps(raw: pd.DataFrame, table: pd.DataFrame) -> list[dict]:
    """Report each known defect of the source, how it was handled, and how many rows it affected."""
    mass, year, latitude, longitude = clean.numbers(raw)
    wrong = clean.defects(raw)
    zero_fell = raw.loc[wrong["position_zero"] & (raw["fall"] == "Fell"), "name"].str.strip().tolist()
    placed = table[["latitude", "longitude"]].dropna()
    crowd = placed.groupby(["latitude", "longitude"]).size()
    return [
        _trap("mass_missing", "No mass", "mass_g is null", mass.isna()),
        _trap("year_missing", "No year", "year is null", year.isna()),
        _trap("position_missing", "No position", "latitude and longitude are null", latitude.isna()),
        _trap(
            "position_zero",
            "A position of (0, 0), in the sea off Africa: unknown, but written as a number"
            + (f" ({len(zero_fell)} of them seen to fall: {', '.join(zero_fell)})" if zero_fell else ""),
            "latitude and longitude are null, flag position_zero",
            wrong["position_zero"],
        ),
        _trap(
            "mass_zero",
            "A mass of 0: nearly all are relicts, of which no metal or stone is left to weigh",
            "mass_g is null, flag mass_zero",
            wrong["mass_zero"],
        ),
        _trap(
            "year_in_future",
            f"A year after the last of the list, {clean.LAST_YEAR} (2101, a slip for a year not known here)",
            "year is null, flag year_in_future",
            wrong["year_in_future"],
        ),
        _trap(
            "longitude_over_180",
            "A longitude over 180°, counted from 0 to 360 (of the one on Mars)",
            "360 subtracted",
            longitude > 180,
        ),
        _trap(
            "latitude_zero",
            "Finds of the field Yamato with its longitude and a latitude of 0: in Kenya, not in Antarctica",
            "the position is kept as it is, flag latitude_zero",
            wrong["latitude_zero"],
        ),
        _trap(
            "latitude_doubtful",
            "Finds of Elephant Moraine at its longitude, but 9.4° south of all the others",
            "the position is kept as it is, flag latitude_doubtful",
            wrong["latitude_doubtful"],
        ),
        _trap(
            "not_on_earth",
            "Found on the Moon (Bench Crater, Hadley Rille) and on Mars (Meridiani Planum); on a map of the Earth "
            "the latter two lie in Algeria and in the Gulf of Guinea",
            "the position is kept as it is, flag not_on_earth",
            wrong["not_on_earth"],
        ),
        _trap(
            "year_one_early",
            "A year before the calendar of 1582, one too low (Ensisheim, of 7 November 1492, stands at 1491)",
            "1 added, flag year_one_early",
            wrong["year_one_early"],
        ),
        _trap(
            "shared_position",
            f"A position that other rows have too: {len(placed):,} positions are {len(crowd):,} places, "
            f"the most crowded of which stands for {crowd.max():,} finds: that of a field, not of the find",
            "kept; a place is no more exact than its field",
            placed.duplicated(keep=False),
        ),
        _trap("blanks_in_names", "Stray blanks in the name", "stripped", _stray(raw["name"])),
        _trap("blanks_in_classes", "Stray blanks in the class", "stripped", _stray(raw["recclass"])),
        _trap(
            "respelled_classes",
            "A class in two spellings (Acapulcoite/lodranite)",
            "one spelling",
            raw["recclass"].str.strip().isin(clean.RESPELLED),
        ),
        _trap(
            "doubtful_classes",
            "A class with a question mark",
            "kept; group is the one without it",
            raw["recclass"].str.contains("?", regex=False),
        ),
        _trap("relict", "Relicts: fossil meteorites", "kept, name_type Relict", raw["nametype"] == "Relict"),
        _trap(
            "year_of_find",
            "A year that is that of the find: when it fell nobody knows",
            "kept; count falls over time among Fell alone",
            (raw["fall"] == "Found") & year.notna(),
        ),
        _trap(
            "position_twice",
            "GeoLocation, the same position as text",
            "dropped; it never differs from reclat and reclong",
            raw["GeoLocation"] != "",
        ),
    ]


def _stray(column: pd.Series) -> pd.Series:
    return column != column.str.strip()


def _trap(name: str, what: str, handling: str, rows: pd.Series) -> dict:
    return {"name": name, "what": what, "handling": handling, "count": int(rows.sum()), "unit": "rows"}
