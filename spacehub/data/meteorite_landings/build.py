"""From the raw file to the table and its report, or from a seed to a simulated pair of the same shape."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from spacehub.data.meteorite_landings import clean, report, simulated

FILES = {"default": ("meteorites/Meteorite_Landings.csv",)}
VERSION = "1"
APP_FILE = "meteorites.csv"


def build(sources: Mapping[str, Path], config: str) -> tuple[pd.DataFrame, dict]:
    """Clean the raw file into one row per meteorite, in its order.

    Returns
    -------
    table : DataFrame
        The columns of `table.COLUMNS`.
    report : dict
        Every number that the card tells, ready for JSON.
    """
    [name] = FILES[config]
    return _made(clean.read(sources[name]))


def simulate(seed: int) -> tuple[pd.DataFrame, dict]:
    """Generate a table of the same shape and with the same kinds of defects, and its report; nothing in it fell."""
    return _made(simulated.raw(seed))


def _made(raw: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    table = clean.clean(raw)
    return table, report.describe(table) | {"traps": report.describe_traps(raw, table)}


def add_files(table: pd.DataFrame, folder: Path) -> None:
    """Write the same rows as CSV, for what reads no parquet: the app. Flags are joined by ``|``."""
    table.assign(flags=table["flags"].str.join("|")).to_csv(folder / APP_FILE, index=False)
