"""Build the table and its report from raw files, or a simulated pair of the same shape from a seed."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from spacehub.data.falcon9_landings import launches, matching, merge, missions, report, simulated, table

FILES = {
    "default": (
        "falcon9/launches_raw.json",
        "falcon9/payloads.json",
        "falcon9/launchpads.json",
        "falcon9/missions_2006_2023.csv",
    )
}
VERSION = "1"
APP_FILE = "launches.csv"


def build(sources: Mapping[str, Path], config: str) -> tuple[pd.DataFrame, dict]:
    """Merge the raw `FILES` into one row per Falcon 9 launch, sorted by date.

    Returns
    -------
    table : DataFrame
        The columns of `table.COLUMNS`.
    report : dict
        Every number on the card, ready for JSON.
    """
    *api_files, csv_file = (sources[name] for name in FILES[config])
    api = launches.read(*api_files)
    csv, counts = missions.read(csv_file)
    pairs = matching.pair(api, csv)
    rows, tallies = merge.merge(pairs)
    merged = table.tabulate(rows)
    matched = Counter(how for _, _, how in pairs if how)
    return merged, report.describe(merged) | {
        "merge": report.describe_merge(tallies, matched, api, csv),
        "traps": report.describe_traps(api, csv, counts, merged),
    }


def simulate(seed: int) -> tuple[pd.DataFrame, dict]:
    """Generate a table of the same shape, and its report; none of its launches happened."""
    generated = table.tabulate(simulated.rows(seed))
    return generated, report.describe(generated) | {"merge": None, "traps": []}


def add_files(merged: pd.DataFrame, folder: Path) -> None:
    """Also write the rows as CSV, for the app, which does not read Parquet. Lists are joined by ``|``."""
    lists = {name: merged[name].str.join("|") for name in ("payloads", "customers")}
    merged.assign(**lists).to_csv(folder / APP_FILE, index=False)
