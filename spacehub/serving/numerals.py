"""Read numbers as people and their spreadsheets write them: ``17,400``, ``17.400``, ``17 400``, ``0,95``."""

import re
from collections.abc import Callable, Iterable

SPACES = " \u00a0\u2009\u202f'’"
GROUPED = re.compile(r"([+-]?\d{1,3}(?:([ \u00a0\u2009\u202f'’])\d{3})(?:\2\d{3})*)([.,]\d+)?")
# One mark and three digits after it: a fraction in some countries, thousands in others.
EITHER = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
FRACTION = re.compile(r"[+-]?\d+([.,])\d+|[+-]?\d{1,3}(?:\.\d{3})+(,)\d+|[+-]?\d{1,3}(?:,\d{3})+(\.)\d+")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:(,)\d{3}){2,}|[+-]?[1-9]\d{0,2}(?:(\.)\d{3}){2,}")
LONGEST = 40


def mark(text: str) -> str | None:
    """Return the decimal mark, comma or point, that a text shows beyond doubt; None if it shows none."""
    text = text.strip()
    if len(text) > LONGEST or EITHER.fullmatch(text):
        return None
    if match := FRACTION.fullmatch(text):
        return next(filter(None, match.groups()))
    if match := THOUSANDS.fullmatch(text):
        return "." if match[1] else ","
    if match := GROUPED.fullmatch(text):
        return match[3][0] if match[3] else None
    return None


def decimal_mark(texts: Iterable[str]) -> str | None:
    """Return the decimal mark that most texts show; None if no text shows one, or both are equally frequent."""
    marks = [shown_mark for shown_mark in map(mark, texts) if shown_mark]
    commas = marks.count(",")
    return None if 2 * commas == len(marks) else "," if 2 * commas > len(marks) else "."


def number(text: str, decimal: str | None, fits: Callable[[float], bool]) -> str:
    """Return a number as Python writes it; any other text is returned unchanged.

    Parameters
    ----------
    text : str
        As written, with or without thousands separators.
    decimal : str, optional
        The decimal mark of its table, which decides how to read ``1,234``; None if the table does not
        show it.
    fits : callable
        Whether a value is plausible. This decides how to read ``1,234`` if the table does not, and only
        if exactly one reading is plausible.
    """
    text = text.strip().replace("\u2212", "-")
    if len(text) > LONGEST:
        return text
    if match := EITHER.fullmatch(text):
        as_fraction, as_thousands = text.replace(",", "."), re.sub("[.,]", "", text)
        if decimal is None and match[1] == ",":
            possible = [reading for reading in (as_thousands, as_fraction) if fits(float(reading))]
            return possible[0] if len(possible) == 1 else text
        return as_fraction if match[1] == (decimal or ".") else as_thousands
    if GROUPED.fullmatch(text):
        return re.sub(f"[{SPACES}]", "", text).replace(",", ".")
    shown = mark(text)
    if shown is None:
        return text
    return text.replace("." if shown == "," else ",", "").replace(",", ".")
