"""Iterate over the records of a CSV text; an unclosed quote is an error with its line number."""

import csv
import io
import re
from collections.abc import Iterator

from spacehub.errors import SpaceHubError


class Records:
    """Iterate over the non-empty records of `text`, each a list of str.

    `line` is the line of the text where the newest record begins, counted from `first_line`.

    Raises
    ------
    SpaceHubError
        During iteration, if a quote is not closed, or a cell is too long (`csv.field_size_limit`).
    """

    def __init__(self, text: str, separator: str, *, first_line: int = 1):
        self._separator, self._read, self._next = separator, [], first_line
        self._last = False
        self._lines = io.StringIO(text, newline="")
        self.line = first_line

    def __iter__(self) -> Iterator[list[str]]:
        """Yield one record after another."""
        reader = csv.reader(self._noted(), delimiter=self._separator)
        while True:
            self.line += len(self._read)
            self._read.clear()
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise self._unclosed(f" within {csv.field_size_limit():,} characters") or SpaceHubError(
                    f"Line {self.line} is not valid CSV: {error}.",
                    "Copy the template and paste your rows into it.",
                ) from error
            if cells is None:
                return
            # An unclosed quote includes the lines after it, up to the next quote or the end.
            unclosed = self._unclosed() if len(self._read) > 1 or self._last else None
            if unclosed:
                raise unclosed
            if cells:
                yield cells

    def _noted(self) -> Iterator[str]:
        """Yield the lines, and keep those of the current record."""
        following = next(self._lines, None)
        while following is not None:
            line, following = following, next(self._lines, None)
            self._last = following is None
            self._read.append(line)
            yield line

    def _unclosed(self, within: str = "") -> SpaceHubError | None:
        """Find a quoted cell of this record that does not end at a separator."""
        text, separator = "".join(self._read), re.escape(self._separator)
        end = f"[{separator}\r\n]|\\Z"
        several = len(self._read) > 1
        for quoted in re.finditer(f'(?<![^{separator}\r\n])"(?:[^"]|"")*+("(?={end}))?', text):
            ended = quoted[1] or (not several and quoted.end() < len(text))
            if not ended:
                line = self.line + text.count("\n", 0, quoted.start())
                return SpaceHubError(
                    f"The quoted cell that starts on line {line} is not closed{within}.",
                    'Add the closing quotation mark. To write a quotation mark inside a quoted cell, double it ("").',
                )
        return None
