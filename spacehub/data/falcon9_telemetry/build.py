"""Build the two tables and their report from the source's files, or a simulated set of the same shape from a seed."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from spacehub.data.falcon9_telemetry import clean, report, simulated
from spacehub.data.falcon9_telemetry.table import EVENTS
from spacehub.lab import telemetry
from spacehub.lab.telemetry import flights, webcasts
from spacehub.lab.telemetry.detectors import Panel
from spacehub.lab.telemetry.judge import judge

FILES = {"default": tuple(webcasts.CHECKSUMS)}
# The detectors are evaluated while the dataset is built, so that the card and the app have their numbers.
SHARED = (telemetry,)
VERSION = "1"
EVENTS_PARQUET = "events/train-00000-of-00001.parquet"


def build(paths: Mapping[str, Path], config: str) -> tuple[pd.DataFrame, dict]:
    """Put the records of all launches into one table, one row per second.

    Returns
    -------
    table : DataFrame
        The columns of `table.COLUMNS`; the events, one row per launch, are its ``attrs["events"]``.
    report : dict
        Every number on the card, ready for JSON.
    """
    return _described(clean.read(paths))


def simulate(seed: int) -> tuple[pd.DataFrame, dict]:
    """Generate records of the same shape and with the same kinds of defects, and their report; none of the launches happened."""
    return _described(simulated.raw(seed))


def _described(raw: Mapping[str, tuple[dict, dict]]) -> tuple[pd.DataFrame, dict]:
    table, events = clean.clean(raw)
    facts = report.describe(table, events) | {
        "traps": report.describe_traps(raw, table, events),
        "judged": judge(Panel(flights.of_tables(table, events))),
    }
    table.attrs["events"] = events.astype(object).where(events.notna(), None).to_dict("list")
    return table, facts


def add_files(table: pd.DataFrame, folder: Path) -> None:
    """Write the events as a separate config, and both tables as CSV, for the app, which does not read Parquet.

    Flags are joined by ``|``.
    """
    joined = table.assign(flags=table["flags"].str.join("|"))
    joined.to_csv(folder / flights.TELEMETRY_FILE, index=False)
    events = pd.DataFrame(table.attrs["events"]).convert_dtypes()
    events.to_csv(folder / flights.EVENTS_FILE, index=False)
    (folder / EVENTS_PARQUET).parent.mkdir()
    events.astype(dict.fromkeys(EVENTS, "Int32")).to_parquet(folder / EVENTS_PARQUET, index=False)
