"""A submission: a CSV file with one probability per test row, whose size and content are checked before scoring."""

import csv
import io
import re
from collections.abc import Iterable

from spacehub.errors import SpaceHubError

HEADER = ["id", "probability"]
LARGEST = 64 * 2**10  # bytes
_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][-+]?\d{1,2})?")
FIX = "Start the file with the line `id,probability`, and add one such line for each row of test.csv."


def read(content: bytes, ids: Iterable[str]) -> dict[str, float]:
    """Return each id's probability of `came_back`.

    Raises
    ------
    SpaceHubError
        If a line is wrong; the error names the first one.
    """
    wanted = set(ids)
    if len(content) > LARGEST:
        raise SpaceHubError(
            f"The submission is {len(content):,} bytes, but the limit is {LARGEST:,} bytes.", FIX
        )
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise SpaceHubError("The submission is not a CSV file encoded in UTF-8.", FIX) from error
    if not lines or lines[0] != HEADER:
        raise SpaceHubError("The first line of the submission must be `id,probability`.", FIX)
    found: dict[str, float] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        problem = _problem(line, wanted, found)
        if problem:
            raise SpaceHubError(f"Line {number} of the submission {problem}.", FIX)
        found[line[0]] = float(line[1])
    if len(found) < len(wanted):
        raise SpaceHubError(
            f"The submission is missing {len(wanted) - len(found)} of {len(wanted)} rows, for example the row for "
            f"{min(wanted - found.keys())}.",
            FIX,
        )
    return found


def _problem(line: list[str], wanted: set[str], found: dict[str, float]) -> str:
    if len(line) != len(HEADER):
        return f"has {len(line)} fields instead of 2"
    name, value = line
    if name not in wanted:
        return f"has the id {name[:20]!r}, which is not in test.csv"
    if name in found:
        return f"repeats the id {name}"
    if not _NUMBER.fullmatch(value) or not 0 <= float(value) <= 1:
        return f"has the probability {value[:20]!r}, which is not a number from 0 to 1"
    return ""
