"""Many rows at once: reading a CSV file that anyone may have written, and what to say of it."""

import csv
import io
from pathlib import Path

import pandas as pd

from spacehub.errors import SpaceHubError

MAX_ROWS = 100_000
MAX_BYTES = 20 * 2**20
BINARY = (b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")


def read_csv(path: Path, *, required: list[str]) -> pd.DataFrame:
    """Read a CSV file as text, shape (rows, columns), every cell a str; empty lines are skipped.

    Raises
    ------
    SpaceHubError
        When it is empty, too large, no CSV, not UTF-8, ragged, or lacks one of the `required` columns.
    """
    reader = csv.reader(io.StringIO(_decode(path), newline=""))
    header, rows = [], []
    try:
        for cells in reader:
            if not header:
                header = _check_header([cell.strip() for cell in cells], required) if cells else []
            elif cells and len(cells) != len(header):
                raise SpaceHubError(
                    f"Line {reader.line_num} has {len(cells)} cells and the first line has {len(header)}.",
                    "Give every line as many cells as the first; quote text that holds a comma.",
                )
            elif cells:
                rows.append(cells)
            if len(rows) > MAX_ROWS:
                raise SpaceHubError(
                    f"The file has more than {MAX_ROWS:,} rows.",
                    f"Split it into files of at most {MAX_ROWS:,} rows.",
                )
    except csv.Error as error:
        raise SpaceHubError(
            f"Line {reader.line_num} is no CSV: {error}.",
            "Start from the template and paste your rows into it.",
        ) from error
    if not rows:
        raise SpaceHubError("The file has a first line and no rows.", "Add rows below the first line.")
    return pd.DataFrame(rows, columns=header, dtype=object)


def _decode(path: Path) -> str:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise SpaceHubError(
            f"The file has {size / 2**20:.0f} MB; the limit is {MAX_BYTES / 2**20:.0f} MB.",
            "Drop columns that the model does not use, or split the file.",
        )
    raw = path.read_bytes()
    if not raw.strip():
        raise SpaceHubError("The file is empty.", "Start from the template and add rows to it.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SpaceHubError(
            "The file is encoded in UTF-16, not UTF-8.", "Save it as “CSV UTF-8” and send it again."
        )
    if b"\0" in raw or raw.startswith(BINARY):
        raise SpaceHubError(
            "The file is binary (a spreadsheet or a picture, perhaps), not CSV text.",
            "Open it in its own program and save it as “CSV UTF-8”.",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SpaceHubError(
            f"The file is not encoded in UTF-8: byte 0x{raw[error.start]:02x} in line {line} is not.",
            "Save it as “CSV UTF-8” and send it again.",
        ) from error


def _as_required(name: str, required: list[str]) -> str:
    """Return a column's name as it is required, in whatever case it is written."""
    return next((one for one in required if one.casefold() == name.casefold()), name)


def _check_header(header: list[str], required: list[str]) -> list[str]:
    header = [_as_required(name, required) for name in header]
    missing = [name for name in required if name not in header]
    if missing:
        found = f"It has: {', '.join(header)[:200]}."
        for name, separator in ("semicolons", ";"), ("tabs", "\t"):
            if len(header) == 1 and separator in header[0]:
                found = f"Its columns are separated by {name}, not by commas."
        raise SpaceHubError(
            f"The first line lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}. {found}",
            "Start from the template, whose first line has them all.",
        )
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    if doubled:
        raise SpaceHubError(
            f"The first line has the column {', '.join(doubled)} more than once.", "Keep one of each."
        )
    return header
