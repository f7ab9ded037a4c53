"""Rows of feedback, one JSON object per line. The app writes them, and training reads them.

``titles/<name>.jsonl`` in the operator's dataset contains rows like this, and nothing about the visitor::

    {"id": "0f…", "day": "2026-11-29", "model": "titles", "commit": "3cff…", "input": "…", "answer": "other",
     "right": false, "correction": "space"}
"""

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from spacehub.errors import reason

MODELS = ("titles", "landing", "satellite")
MOST_BYTES = 48 * 2**10  # of a line
LONGEST_TITLE, LONGEST_NAME, MOST_FIELDS = 1_000, 80, 40
PNG = b"\x89PNG\r\n\x1a\n"
_ID, _COMMIT = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A visitor's verdict on one answer.

    `input` is the model's input: a title, the fields of a flight, or a PNG in base64. `answer` is a label, and
    `correction` the label that the visitor chose instead, if any. `day` is an ISO date, and `id` identifies the row.
    """

    id: str
    day: str
    model: str
    commit: str
    input: str | Mapping[str, float | str | None]
    answer: str
    right: bool
    correction: str | None

    def line(self) -> bytes:
        """Return the row as a line."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read(line: bytes) -> Row:
    """Read a line that anyone may have written.

    Raises
    ------
    ValueError
        If the line is not a row of bounded size with the types of `Row`.
    """
    if len(line) > MOST_BYTES:
        raise ValueError(f"The line has more than {MOST_BYTES:,} bytes.")
    try:
        row = Row(**json.loads(line, parse_constant=_refuse))
    except (TypeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"The line is not a valid row. {reason(error)[:100]}") from None
    names = [row.answer] if row.correction is None else [row.answer, row.correction]
    texts = [row.id, row.day, row.model, row.commit, *names]
    if not all(isinstance(one, str) and 0 < len(one) <= LONGEST_NAME for one in texts):
        raise ValueError(
            f"The id, day, model, commit, answer and correction must be strings of 1 to {LONGEST_NAME} characters."
        )
    date.fromisoformat(row.day)
    if row.model not in MODELS:
        raise ValueError("The model is not valid.")
    for name, pattern in (("id", _ID), ("commit", _COMMIT)):
        if not pattern.fullmatch(getattr(row, name)):
            raise ValueError(f"The {name} is not valid.")
    if not isinstance(row.right, bool):
        raise ValueError("The answer must be marked as right or wrong.")
    if row.right and row.correction is not None:
        raise ValueError("Only an answer that is marked as wrong can have a correction.")
    _CHECKS[row.model](row.input)
    return row


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a valid JSON number.")


def _check_title(given: object) -> None:
    if not isinstance(given, str) or not 0 < len(given.strip()) <= len(given) <= LONGEST_TITLE:
        raise ValueError(f"The input must be a title of at most {LONGEST_TITLE:,} characters.")
    given.encode()  # raises a ValueError for a lone surrogate


def _check_flight(given: object) -> None:
    if not isinstance(given, dict) or not 0 < len(given) <= MOST_FIELDS:
        raise ValueError(f"A flight must be an object with 1 to {MOST_FIELDS} fields.")
    for name, value in given.items():
        short = len(name) <= LONGEST_NAME and (not isinstance(value, str) or len(value) <= LONGEST_NAME)
        if not short or not isinstance(value, int | float | str | None):
            raise ValueError(
                f"Each field of the flight must be a number or a string of at most {LONGEST_NAME} characters."
            )
        if isinstance(value, float) and not math.isfinite(value):  # 1e999 reads as infinity
            raise ValueError("Every number in the flight must be finite.")


def _check_picture(given: object) -> None:
    try:
        if base64.b64decode(given, validate=True).startswith(PNG):
            return
    except (TypeError, ValueError, binascii.Error):
        pass
    raise ValueError("The input is not a PNG image.")


_CHECKS = {"titles": _check_title, "landing": _check_flight, "satellite": _check_picture}
