"""Read untrusted CSV files from any country's spreadsheet, and write them in the same format."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from spacehub.errors import SpaceHubError
from spacehub.serving.numerals import decimal_mark
from spacehub.serving.quotes import Records

MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 100_000, 1_000, 5_000_000
MAX_BYTES = 20 * 2**20
BINARY = (b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
LOOKED_AT = 1_000  # rows that show how a file writes its numbers


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """The format of a file's table.

    `announced` files begin with a line ``sep=;``, `marked` ones with a byte-order mark.
    """

    separator: str = ","
    decimal: str = "."
    encoding: str = "utf-8"
    marked: bool = False
    announced: bool = False


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table of text, and the format of its file.

    The columns of `rows` are the file's, in order; required and optional columns have the requested
    names. `header` has the names as the file spells them.
    """

    rows: pd.DataFrame
    header: list[str]
    dialect: Dialect = field(default_factory=Dialect)

    @classmethod
    def of(cls, rows: pd.DataFrame):
        """Build a table that did not come from a file."""
        return cls(rows=rows, header=list(rows))

    def free_names(self, wanted: list[str]) -> dict[str, str]:
        """Return an unused name for each of the `wanted` new columns: ``label`` or ``label_2``."""
        taken, chosen = {name.casefold() for name in self.header}, {}
        for name in wanted:
            numbered = (f"{name}_{number}" for number in range(2, len(taken) + 3))
            chosen[name] = next(
                candidate for candidate in (name, *numbered) if candidate.casefold() not in taken
            )
            taken.add(chosen[name].casefold())
        return chosen

    def save(self, path: Path, answers: pd.DataFrame) -> dict[str, str]:
        """Write all columns of the file and then `answers`, row by row, in the file's own format.

        Returns
        -------
        dict of str to str
            The name in the file of each column of `answers`: see `free_names`.
        """
        names = self.free_names(list(answers))
        whole = pd.concat([self.rows, answers.reset_index(drop=True)], axis=1)
        form = self.dialect
        mark, announced = "\ufeff" * form.marked, f"sep={form.separator}\n" * form.announced
        with open(path, "w", encoding=form.encoding, newline="") as file:
            file.write(mark + announced)
            whole.to_csv(
                file,
                header=[*self.header, *names.values()],
                sep=form.separator,
                decimal=form.decimal,
                index=False,
                lineterminator="\n",
            )
        return names


def read_csv(path: Path, *, required: Sequence[str], optional: Sequence[str] = ()) -> Sheet:
    """Read a CSV file as text, every cell a str; empty lines are skipped.

    Cells may be separated by commas, semicolons or tabs; the separator is chosen so that the first line
    has the required columns. The file is in UTF-8, or in UTF-16 with a byte-order mark. Column names
    match in any case.

    Raises
    ------
    SpaceHubError
        If the file is empty, too large, not a CSV file, in another encoding, ragged, has an unclosed quote, or
        lacks one of the `required` columns.
    """
    text, encoding, marked = _decode(path)
    separator, announced = _announced(text)
    skipped = text.find("\n") + 1 if announced else 0
    text = text[skipped:]
    separator = separator or _separator(text, required)
    records = Records(text, separator, first_line=2 if announced else 1)
    header, rows, columns = [], [], []
    for cells in records:
        if not header:
            header = [cell.strip() for cell in cells]
            columns = _check_header(header, required, optional, separator)
            continue
        if len(cells) != len(header):
            raise SpaceHubError(
                f"Line {records.line} has {len(cells)} cells, but the first line has {len(header)}.",
                f"Every line must have as many cells as the first line. Put text that contains a {_one(separator)} in quotation marks.",
            )
        rows.append(cells)
        if len(rows) > MAX_ROWS:
            raise SpaceHubError(
                f"The file has more than {MAX_ROWS:,} rows.",
                f"Split the file into parts of at most {MAX_ROWS:,} rows.",
            )
        if len(rows) * len(header) > MAX_CELLS:
            raise SpaceHubError(
                f"The file has more than {MAX_CELLS:,} cells.",
                "Remove columns that the model does not use, or split the file.",
            )
    if not header:
        raise SpaceHubError("The file has no header row.", "Copy the template and add rows to it.")
    if not rows:
        raise SpaceHubError("The file has a header row but no data rows.", "Add at least one row.")
    looked_at = (cell for cells in rows[:LOOKED_AT] for cell in cells)
    form = Dialect(
        separator=separator,
        decimal=decimal_mark(looked_at) or ("," if separator == ";" else "."),
        encoding=encoding,
        marked=marked,
        announced=announced,
    )
    return Sheet(rows=pd.DataFrame(rows, columns=columns, dtype=object), header=header, dialect=form)


def _decode(path: Path) -> tuple[str, str, bool]:
    """Return a file's text, its encoding, and whether it begins with a byte-order mark."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise SpaceHubError(
            f"The file is {size / 2**20:.0f} MB, but the limit is {MAX_BYTES / 2**20:.0f} MB.",
            "Remove columns that the model does not use, or split the file.",
        )
    raw = path.read_bytes()
    encoding = UTF16.get(raw[:2], "utf-8")
    if encoding == "utf-8" and (b"\0" in raw or raw.startswith(BINARY)):
        raise _binary()
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise SpaceHubError(
                "The file begins like UTF-16 but is damaged or truncated.", "Save the file as “CSV UTF-8”."
            ) from error
        line = raw.count(b"\n", 0, error.start) + 1
        raise SpaceHubError(
            f"The file is not encoded in UTF-8. The byte 0x{raw[error.start]:02x} in line {line} is not valid.",
            "Save the file as “CSV UTF-8” and send it again.",
        ) from error
    if "\0" in text:
        raise _binary()
    marked = text.startswith("\ufeff")
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise SpaceHubError("The file is empty.", "Copy the template and add rows to it.")
    return text, encoding, marked


def _binary() -> SpaceHubError:
    return SpaceHubError(
        "The file is not CSV text. It is a binary file, perhaps a spreadsheet or an image.",
        "Open the file in the program that created it, and save it as “CSV UTF-8”.",
    )


def _announced(text: str) -> tuple[str | None, bool]:
    """Return the separator that a first line ``sep=;`` names, as Excel writes and reads it."""
    first = text.partition("\n")[0].strip("\r").strip('"')
    if first[:4].lower() == "sep=" and first[4:] in SEPARATORS:
        return first[4:], True
    return None, False


def _separator(text: str, required: Sequence[str]) -> str:
    """Return the separator that gives the first line the most required columns, and then the most columns."""
    first = next(line for line in io.StringIO(text, newline="") if line.strip())

    def fits(separator: str) -> tuple[int, int]:
        [cells] = csv.reader([first], delimiter=separator)
        names = {cell.strip().casefold() for cell in cells}
        return sum(name.casefold() in names for name in required), len(cells)

    try:
        return max(SEPARATORS, key=fits)
    except csv.Error:  # a cell that is too long; reading it reports where
        return ","


def _one(separator: str) -> str:
    return SEPARATORS[separator].removesuffix("s")


def _check_header(
    header: list[str], required: Sequence[str], optional: Sequence[str], separator: str
) -> list[str]:
    """Return the names of the columns, with requested columns under their requested names."""
    if len(header) > MAX_COLUMNS:
        raise SpaceHubError(
            f"The first line has {len(header):,} columns, but the limit is {MAX_COLUMNS:,}.",
            "Remove columns that the model does not use.",
        )
    known = {name.casefold(): name for name in (*required, *optional)}
    names = [known.get(name.casefold(), name) for name in header]
    missing = [name for name in required if name not in names]
    if missing:
        raise SpaceHubError(
            f"The first line does not have the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}. "
            f"When split at {SEPARATORS[separator]}, the first line has these columns: {', '.join(header)[:200]}.",
            "Start from the template, which has all columns.",
        )
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise SpaceHubError(
            f"The first line names a column more than once: {', '.join(doubled)}.",
            "Rename or remove the duplicates.",
        )
    return names
