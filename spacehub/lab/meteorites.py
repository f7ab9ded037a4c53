"""The named meteorites as arrays, with filters."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spacehub.errors import SpaceHubError, reason
from spacehub.serving import stated

if TYPE_CHECKING:
    import pandas as pd

# As in the dataset's column `group`, the most common first.
GROUPS = (
    "H",
    "L",
    "LL",
    "Carbonaceous",
    "HED",
    "Iron",
    "Enstatite",
    "Ureilite",
    "Other achondrite",
    "Ordinary, other",
    "Mesosiderite",
    "Lunar",
    "Rumuruti",
    "Martian",
    "Pallasite",
    "Unclassified",
    "Other chondrite",
)
FALLS = ("Fell", "Found")
# Flags of a position that is doubtful or not on Earth.
MISPLACED = ("latitude_zero", "latitude_doubtful", "not_on_earth")
# Limits of what is read: rows, and the smallest and largest value of each number.
MOST = 200_000
BOUNDS = {
    "mass_g": (1e-6, 1e12),
    "year": (-10_000, 3_000),
    "latitude": (-90, 90),
    "longitude": (-180, 180),
}


@dataclass(frozen=True, kw_only=True)
class Meteorites:
    """The dataset's rows as arrays of the same length.

    Parameters
    ----------
    name : array of str
    group : array of int
        Index in `GROUPS`.
    mass_g, year, latitude, longitude : array of float
        In g, years and degrees; NaN if unknown.
    fell : array of bool
        Whether its fall was observed; otherwise it was found.
    misplaced : array of bool
        Whether the position is not on Earth, or doubtful.
    """

    name: np.ndarray
    group: np.ndarray
    mass_g: np.ndarray
    year: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    fell: np.ndarray
    misplaced: np.ndarray

    def __len__(self) -> int:
        return len(self.name)

    def __getitem__(self, rows: np.ndarray) -> "Meteorites":
        return Meteorites(**{name: column[rows] for name, column in vars(self).items()})

    @property
    def placed(self) -> np.ndarray:
        """Whether each meteorite has a position, misplaced or not."""
        return np.isfinite(self.latitude)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which meteorites to keep. Ranges include both ends, and None leaves an end open.

    A range with at least one end set excludes meteorites whose value is unknown. `fall` is one of `FALLS`, or empty
    for both. If `groups` is empty, all groups are kept.
    """

    year_from: int | None = None
    year_to: int | None = None
    mass_from_g: float | None = None
    mass_to_g: float | None = None
    fall: str = ""
    groups: tuple[str, ...] = ()


def read(path: Path) -> Meteorites:
    """Read the dataset's ``meteorites.csv``.

    Raises
    ------
    SpaceHubError
        If the file lacks a column or has an unknown group.
    """
    import pandas as pd

    wanted = ["name", "group", "mass_g", "fall", "year", "latitude", "longitude", "flags"]
    try:
        table = pd.read_csv(path, usecols=wanted, dtype={"flags": str}, keep_default_na=False, na_values=[""])
        group = table["group"].map({name: place for place, name in enumerate(GROUPS)}).to_numpy(dtype=float)
        if np.isnan(group).any():
            raise ValueError("The column 'group' contains an unknown group.")
        _check_values(table)
        return Meteorites(
            name=table["name"].to_numpy(dtype=str),
            group=group.astype(np.int8),
            fell=(table["fall"] == FALLS[0]).to_numpy(),
            misplaced=table["flags"].fillna("").str.contains("|".join(MISPLACED)).to_numpy(dtype=bool),
            **{
                name: table[name].to_numpy(dtype=float)
                for name in ("mass_g", "year", "latitude", "longitude")
            },
        )
    except (ValueError, TypeError) as error:
        raise SpaceHubError(
            f"{path.name} is not a table of meteorites. {reason(error)}", "Build the dataset again."
        ) from error


def _check_values(table: "pd.DataFrame") -> None:
    if not 0 < len(table) <= MOST:
        raise ValueError(f"The table must have 1 to {MOST:,} rows.")
    stated.texts(table, ["name"])
    stated.columns(table, BOUNDS)
    if not table["fall"].isin(FALLS).all():
        raise ValueError(f"Each value in the column 'fall' must be {' or '.join(FALLS)}.")
    if (table["latitude"].isna() != table["longitude"].isna()).any():
        raise ValueError("A position lacks a latitude or a longitude.")


def select(meteorites: Meteorites, wanted: Filter) -> np.ndarray:
    """Return which meteorites a filter keeps.

    Returns
    -------
    array of bool
        One value per row of the table; at least one value is true.

    Raises
    ------
    SpaceHubError
        If a range is reversed, a name is unknown, or nothing is left.
    """
    _check(wanted)
    years = _within(meteorites.year, wanted.year_from, wanted.year_to)
    if not years.any():
        raise _no_year(meteorites, wanted)
    kept = years & _within(meteorites.mass_g, wanted.mass_from_g, wanted.mass_to_g)
    if wanted.fall:
        kept &= meteorites.fell == (wanted.fall == FALLS[0])
    if wanted.groups:
        kept &= np.isin(meteorites.group, [GROUPS.index(name) for name in wanted.groups])
    if not kept.any():
        raise SpaceHubError(
            "No meteorite matches all of these filters.",
            "Widen the range of years or masses, or select more groups or kinds of fall.",
        )
    return kept


def _within(values: np.ndarray, low: float | None, high: float | None) -> np.ndarray:
    if low is None and high is None:
        return np.ones(len(values), dtype=bool)
    return (values >= (-np.inf if low is None else low)) & (values <= (np.inf if high is None else high))


def _check(wanted: Filter) -> None:
    for what, unit, low, high in (
        ("years", "", wanted.year_from, wanted.year_to),
        ("masses", " g", wanted.mass_from_g, wanted.mass_to_g),
    ):
        if low is not None and high is not None and low > high:
            raise SpaceHubError(
                f"The range of {what} ends before it starts: {low:g}{unit} to {high:g}{unit}.",
                "Enter the smaller number first.",
            )
    if wanted.fall and wanted.fall not in FALLS:
        raise SpaceHubError(f"Unknown kind of fall: {wanted.fall!r}.", f"Choose one of: {', '.join(FALLS)}.")
    unknown = [name for name in wanted.groups if name not in GROUPS]
    if unknown:
        raise SpaceHubError(f"Unknown group: {unknown[0]!r}.", f"Choose one or more of: {'; '.join(GROUPS)}.")


def _no_year(meteorites: Meteorites, wanted: Filter) -> SpaceHubError:
    """Return the years with meteorites that are nearest to a range without meteorites."""
    years = np.unique(meteorites.year[np.isfinite(meteorites.year)]).astype(int)
    low = years[0] if wanted.year_from is None else wanted.year_from
    high = years[-1] if wanted.year_to is None else wanted.year_to
    near = [*years[years < low][-1:], *years[years > high][:1]]
    span = f"from {low}" if low == high else f"from {low} to {high}"
    return SpaceHubError(
        f"The list contains no meteorite {span}.",
        f"The meteorites closest in time are from {' and '.join(str(year) for year in near)}.",
    )
