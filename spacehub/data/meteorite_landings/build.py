"""Build the table and its report from the raw file, or a simulated pair of the same shape from a seed."""

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
        Every number on the card, ready for JSON.
    """
    [name] = FILES[config]
    return _described(clean.read(sources[name]))


def simulate(seed: int) -> tuple[pd.DataFrame, dict]:
    """Generate a table of the same shape and with the same kinds of defects, and its report.

    None of its meteorites fell.
    """
    return _described(simulated.raw(seed))


def _described(raw: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    table = clean.clean(raw)
    return table, report.describe(table) | {"traps": report.describe_traps(raw, table)}


def add_files(table: pd.DataFrame, folder: Path) -> None:
    """Also write the rows as CSV, for the app, which does not read Parquet. Flags are joined by ``|``."""
    table.assign(flags=table["flags"].str.join("|")).to_csv(folder / APP_FILE, index=False)
