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
        _trap("mass_missing", "The mass is missing", "`mass_g` is null", mass.isna()),
        _trap("year_missing", "The year is missing", "`year` is null", year.isna()),
        _trap(
            "position_missing",
            "The position is missing",
            "`latitude` and `longitude` are null",
            latitude.isna(),
        ),
        _trap(
            "position_zero",
            "The position is unknown, but is given as (0, 0), a point in the sea off Africa"
            + (
                f". {'One meteorite' if len(zero_fell) == 1 else f'{len(zero_fell)} meteorites'} with this error "
                f"{'was' if len(zero_fell) == 1 else 'were'} seen to fall: "
                f"{', '.join(zero_fell)}"
                if zero_fell
                else ""
            ),
            "`latitude` and `longitude` are null, and the row is flagged as `position_zero`",
            wrong["position_zero"],
        ),
        _trap(
            "mass_zero",
            "The mass is 0. Nearly all meteorites with a mass of 0 are relicts, in which hardly any original "
            "material remains to be weighed",
            "`mass_g` is null, and the row is flagged as `mass_zero`",
            wrong["mass_zero"],
        ),
        _trap(
            "year_in_future",
            f"The year is given as 2101, but the source ends in {clean.LAST_YEAR}. The correct year is unknown",
            "`year` is null, and the row is flagged as `year_in_future`",
            wrong["year_in_future"],
        ),
        _trap(
            "longitude_over_180",
            "The longitude of a meteorite on Mars exceeds 180°, because the source gives longitudes on Mars from 0° to "
            "360°",
            "360° is subtracted from the longitude",
            longitude > 180,
        ),
        _trap(
            "latitude_zero",
            "Some finds at Yamato, Antarctica, have the correct longitude but a latitude of 0°, so they "
            "appear in Kenya on a map",
            "The position is kept, and the row is flagged as `latitude_zero`",
            wrong["latitude_zero"],
        ),
        _trap(
            "latitude_doubtful",
            "Some finds at Elephant Moraine, Antarctica, have the correct longitude, but their latitude places them 9.4° "
            "south of all other finds there",
            "The position is kept, and the row is flagged as `latitude_doubtful`",
            wrong["latitude_doubtful"],
        ),
        _trap(
            "not_on_earth",
            "The meteorite was found on the Moon (Bench Crater, Hadley Rille) or on Mars (Meridiani Planum). On a "
            "map of the Earth, Hadley Rille appears in Algeria, and Meridiani Planum in the Gulf of Guinea",
            "The position is kept, and the row is flagged as `not_on_earth`",
            wrong["not_on_earth"],
        ),
        _trap(
            "year_one_early",
            "Years before the calendar reform of 1582 are one year too early. For example, Ensisheim fell on 7 November "
            "1492, but the source gives 1491",
            "The year is increased by 1, and the row is flagged as `year_one_early`",
            wrong["year_one_early"],
        ),
        _trap(
            "shared_position",
            "Several rows have the same position, because the source gives the position of a whole area, "
            f"not that of each find. The {len(placed):,} rows with coordinates contain {len(crowd):,} distinct "
            f"positions, and {crowd.max():,} rows share the most frequent position",
            "The position is kept, although it may describe the whole area instead of the find",
            placed.duplicated(keep=False),
        ),
        _trap(
            "blanks_in_names",
            "The name contains extra whitespace",
            "The whitespace is removed",
            _stray(raw["name"]),
        ),
        _trap(
            "blanks_in_classes",
            "The class name contains extra whitespace",
            "The whitespace is removed",
            _stray(raw["recclass"]),
        ),
        _trap(
            "respelled_classes",
            "The class name has two spellings in the source (Acapulcoite/Lodranite and Acapulcoite/lodranite)",
            "Only the first spelling is used",
            raw["recclass"].str.strip().isin(clean.RESPELLED),
        ),
        _trap(
            "doubtful_classes",
            "The class name contains a question mark",
            "`class` keeps the question mark, and `group` ignores it",
            raw["recclass"].str.contains("?", regex=False),
        ),
        _trap(
            "relict",
            "The meteorite is a relict (a fossil meteorite)",
            "The row is kept, and `name_type` is Relict",
            raw["nametype"] == "Relict",
        ),
        _trap(
            "year_of_find",
            "The source gives the year of the find, because the year of the fall is unknown",
            "The year is kept. To count falls over time, use only the rows in which `fall` is Fell",
            (raw["fall"] == "Found") & year.notna(),
        ),
        _trap(
            "position_twice",
            "The GeoLocation column repeats the position as text",
            "The column is dropped, because it always agrees with `reclat` and `reclong`",
            raw["GeoLocation"] != "",
        ),
    ]


def _stray(column: pd.Series) -> pd.Series:
    return column != column.str.strip()


def _trap(name: str, what: str, handling: str, rows: pd.Series) -> dict:
    return {"name": name, "what": what, "handling": handling, "count": int(rows.sum()), "unit": "rows"}
