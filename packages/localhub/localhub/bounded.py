"""Parse JSON with bounds on depth and number of values, checked before the parser runs."""

import json
import math
import re
import threading
from contextlib import nullcontext
from typing import Any, NoReturn

MAX_DEPTH = 64
MAX_VALUES = 200_000
LARGE_BYTES = 1 << 18
_ONE_LARGE = threading.Lock()  # parsing a large text takes many times its length in memory: one at a time

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class TooMuchError(ValueError):
    """A text that is nested too deeply or has too many values."""


def loads(data: bytes, *, values: int = MAX_VALUES) -> Any:
    """Parse JSON.

    Parameters
    ----------
    data : bytes
        UTF-8 text. Bound its length first.
    values : int
        The largest number of values; each key counts as one.

    Raises
    ------
    ValueError
        If `data` is not JSON; `TooMuchError` if `data` exceeds a bound, which is detected in linear time.

    Examples
    --------
    >>> loads(b'{"a": [1, 2]}')
    {'a': [1, 2]}
    >>> loads(b"[" * 100)
    Traceback (most recent call last):
    ...
    localhub.bounded.TooMuchError: The JSON has more than 64 levels of nesting.
    """
    # These counts include brackets in strings, so look closer only if there are many.
    if _openings(data) > MAX_DEPTH or _separators(data) > values:
        plain = _STRING.sub(b"", data)
        if _openings(plain) + _separators(plain) > values:
            raise TooMuchError(f"The JSON has more than {values} values.")
        _check_depth(plain)
    with _ONE_LARGE if len(data) > LARGE_BYTES else nullcontext():
        return json.loads(str(data, "utf-8-sig"), parse_constant=_reject, parse_float=_finite)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _reject(text)


def _reject(text: str) -> NoReturn:
    """Reject what Python reads but JSON does not have: NaN, Infinity, and numbers as large as 1e999."""
    raise ValueError(f"{text} is not a valid JSON number.")


def _openings(data: bytes) -> int:
    return data.count(b"[") + data.count(b"{")


def _separators(data: bytes) -> int:
    return data.count(b",") + data.count(b":")


def _check_depth(plain: bytes) -> None:
    depth = 0
    for character in plain.translate(None, _BRACKETS):
        depth += 1 if character in b"[{" else -1
        if depth > MAX_DEPTH:
            raise TooMuchError(f"The JSON has more than {MAX_DEPTH} levels of nesting.")
