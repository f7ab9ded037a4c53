"""The Falcon 9 launches as arrays, which are the training data of the Lab's regressions and trees."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spacehub.errors import SpaceHubError, reason
from spacehub.serving import stated

if TYPE_CHECKING:
    import pandas as pd

# As in the dataset's columns `orbit` and `launch_site`.
ORBITS = ("LEO", "ISS", "SSO", "PO", "GTO", "MEO", "GEO", "HEO", "ES-L1", "HCO", "BLT", "TLI", "SO")
SITES = ("CCSFS SLC-40", "KSC LC-39A", "VSFB SLC-4E")
# The numeric features of a launch, and their names on the page.
NUMBERS = {
    "year": "launch date",
    "mass_kg": "payload mass, kg",
    "booster_flight": "flight of the booster",
    "block": "block of the booster",
}


# Limits of what is read: rows, and the smallest and largest value of each number.
MOST = 100_000
BOUNDS = {"payload_mass_kg": (0, 1e6), "booster_flight": (0, 10_000), "block": (0, 1_000)}
TEXTS = ("name", "orbit", "launch_site", "landing_type")


@dataclass(frozen=True, kw_only=True)
class Launches:
    """The dataset's rows as arrays of the same length.

    Parameters
    ----------
    name, orbit, site : array of str
        The orbit is empty if unknown.
    year : array of float
        Liftoff as a year and its fraction.
    mass_kg, booster_flight, block : array of float
        NaN if unknown.
    landing_type : array of str
        How the booster was to return; empty if no landing was attempted.
    landed : array of float
        1 or 0; NaN if no landing was attempted.
    """

    name: np.ndarray
    orbit: np.ndarray
    site: np.ndarray
    year: np.ndarray
    mass_kg: np.ndarray
    booster_flight: np.ndarray
    block: np.ndarray
    landing_type: np.ndarray
    landed: np.ndarray

    def __len__(self) -> int:
        return len(self.name)

    def __getitem__(self, rows: np.ndarray) -> "Launches":
        return Launches(**{name: column[rows] for name, column in vars(self).items()})

    def number(self, name: str) -> np.ndarray:
        """Return one of the columns of `NUMBERS`.

        Raises
        ------
        SpaceHubError
            If there is no such column.
        """
        if name not in NUMBERS:
            raise SpaceHubError(
                f"{name!r} is not a numeric column of the launch table.",
                f"Choose one of: {', '.join(NUMBERS)}.",
            )
        return getattr(self, name)


def read(path: Path) -> Launches:
    """Read the dataset's ``launches.csv``.

    Raises
    ------
    SpaceHubError
        If the file lacks a column or has an invalid value.
    """
    import pandas as pd

    try:
        table = pd.read_csv(path, keep_default_na=False, na_values=[""])
        _check_values(table)
        date = pd.to_datetime(table["date_utc"], format="ISO8601")
        days = date.dt.day_of_year - 1 + (date - date.dt.normalize()).dt.total_seconds() / 86_400
        year = date.dt.year + days / np.where(date.dt.is_leap_year, 366, 365)
        attempted = table["landing_attempted"].to_numpy(dtype=bool)
        return Launches(
            name=table["name"].to_numpy(dtype=str),
            orbit=table["orbit"].fillna("").to_numpy(dtype=str),
            site=table["launch_site"].to_numpy(dtype=str),
            year=year.to_numpy(dtype=float),
            mass_kg=table["payload_mass_kg"].to_numpy(dtype=float),
            booster_flight=table["booster_flight"].to_numpy(dtype=float),
            block=table["block"].to_numpy(dtype=float),
            landing_type=np.where(attempted, table["landing_type"].fillna("").to_numpy(dtype=str), ""),
            landed=np.where(attempted, table["landed"].map({True: 1.0, False: 0.0}), np.nan).astype(float),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise SpaceHubError(
            f"{path.name} is not a table of launches. {reason(error)}", "Build the dataset again."
        ) from error


def _check_values(table: "pd.DataFrame") -> None:
    if not 0 < len(table) <= MOST:
        raise ValueError(f"The table must have 1 to {MOST:,} rows.")
    stated.texts(table, TEXTS)
    stated.columns(table, BOUNDS)
    for name in ("name", "launch_site", "date_utc"):
        if table[name].isna().any():
            raise ValueError(f"A value in the column {name!r} is missing.")
    if table["landing_attempted"].dtype != bool or not table["landed"].dropna().isin([True, False]).all():
        raise ValueError("Each value in the columns 'landing_attempted' and 'landed' must be True or False.")
