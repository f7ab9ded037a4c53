"""Check what a repository states: types, sizes and bounds. Each error names the value and what it must be.

Whoever can write to a repository chooses these values. A page that shows or computes with an unchecked value may fail for
every visitor.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from spacehub.errors import reason

if TYPE_CHECKING:
    import pandas as pd


def read(path: Path, *, largest: int) -> dict:
    """Read a JSON object from a file.

    Raises
    ------
    OSError
        If the file does not exist.
    ValueError
        If the file has more than `largest` bytes, or is not a JSON object with finite numbers.
    """
    if path.stat().st_size > largest:
        raise ValueError(f"{path.name} is larger than {largest:,} bytes.")
    try:
        stated = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except RecursionError:
        raise ValueError(f"{path.name} is nested too deeply.") from None
    except ValueError as error:
        raise ValueError(f"{path.name} is not valid JSON. {reason(error)}") from None
    if not isinstance(stated, dict):
        raise ValueError(f"{path.name} is not a JSON object.")
    return stated


def is_number(value: object, low: float, high: float) -> bool:
    """Return whether a value is a number from `low` to `high`; NaN, true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def number(value: object, name: str, low: float, high: float) -> float:
    """Return a number from `low` to `high`.

    Raises
    ------
    ValueError
        If the value is not a number in this range.
    """
    if not is_number(value, low, high):
        raise ValueError(f"{name} is not a number from {low:,} to {high:,}.")
    return float(value)


def whole(value: object, name: str, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`; raise as `number`."""
    if not isinstance(value, int) or not is_number(value, low, high):
        raise ValueError(f"{name} is not a whole number from {low:,} to {high:,}.")
    return value


def text(value: object, name: str, longest: int = 200) -> str:
    """Return a string of 1 to `longest` characters; raise as `number`."""
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise ValueError(f"{name} is not a string of 1 to {longest:,} characters.")
    return value


def listed(value: object, name: str, most: int) -> list:
    """Return a list of 1 to `most` entries; raise as `number`."""
    if not isinstance(value, list) or not 0 < len(value) <= most:
        raise ValueError(f"{name} is not a list of 1 to {most:,} entries.")
    return value


def rows(value: object, name: str, most: int, keys: Iterable[str]) -> list[dict]:
    """Return a list of 1 to `most` objects with exactly these keys; raise as `number`."""
    wanted = set(keys)
    for row in listed(value, name, most):
        if not isinstance(row, dict) or set(row) != wanted:
            raise ValueError(
                f"Each entry of {name} must be an object with exactly these keys: {', '.join(sorted(wanted))}."
            )
    return value


def columns(table: "pd.DataFrame", bounds: dict[str, tuple[float, float]]) -> None:
    """Require that the numbers of some columns of a table are within bounds, or missing.

    Raises
    ------
    ValueError
        Naming the first column that is not.
    """
    for name, (low, high) in bounds.items():
        values = table[name].astype(float)
        if not (values.between(low, high) | values.isna()).all():
            raise ValueError(f"A value of {name} is not a number from {low:,} to {high:,}.")


def texts(table: "pd.DataFrame", names: Iterable[str], longest: int = 200) -> None:
    """Require that some columns of a table hold only short texts, or nothing; raise as `columns`."""
    for name in names:
        if not table[name].dropna().map(lambda value: isinstance(value, str) and len(value) <= longest).all():
            raise ValueError(f"A value of {name} is not a string of at most {longest:,} characters.")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a valid JSON number.")
