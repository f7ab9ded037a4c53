"""Describe a dataset's columns (name, type, unit, meaning) for pandas, for `datasets` features, and for its card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datasets
    import pandas as pd

_PANDAS = {
    "int32": "Int32",
    "float64": "float64",
    "bool": "boolean",
    "string": "string",
    "timestamp[s]": "datetime64[s]",
    "list": "object",
}


@dataclass(frozen=True)
class Column:
    """A column: `dtype` as `datasets` writes it (``list`` is a list of strings), `unit` empty if it has none."""

    name: str
    dtype: str
    meaning: str
    unit: str = ""
    nullable: bool = False


def typed(table: "pd.DataFrame", columns: Sequence[Column]) -> "pd.DataFrame":
    """Return the `columns` of a table in order, each with its dtype."""
    dtypes = {
        column.name: "bool" if column.dtype == "bool" and not column.nullable else _PANDAS[column.dtype]
        for column in columns
    }
    return table[[column.name for column in columns]].astype(dtypes)


def features(columns: Sequence[Column]) -> "datasets.Features":
    """Return the columns as typed `datasets` features."""
    from datasets import Features, List, Value

    return Features(
        {
            column.name: List(Value("string")) if column.dtype == "list" else Value(column.dtype)
            for column in columns
        }
    )


def described(columns: Sequence[Column], table: "pd.DataFrame") -> list[dict]:
    """Return a card's facts about each column: type, unit, meaning, and the number of values missing from `table`."""
    missing = table.isna().sum()
    return [
        {
            "name": column.name,
            "dtype": "list of string" if column.dtype == "list" else column.dtype,
            "unit": column.unit,
            "meaning": column.meaning,
            "nullable": column.nullable,
            "missing": int(missing[column.name]),
        }
        for column in columns
    ]
