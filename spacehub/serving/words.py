"""Format numbers and values for people."""

import reprlib

# Only the beginning of a container is written, because it may be very long or deeply nested.
_CONTAINERS = reprlib.Repr()
_CONTAINERS.maxlevel, _CONTAINERS.maxlist, _CONTAINERS.maxdict, _CONTAINERS.maxstring = 4, 12, 12, 60


def plain(value: float) -> str:
    """Format a number with thousands separators and no trailing zeros: ``17,400``, ``0.25``."""
    return f"{value:,.3f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """Format a share of 1 as a percentage, with one decimal near the ends, and never 0 or 100 unless exact."""
    if share in (0, 1):
        return f"{100 * share:.0f} %"
    if share < 0.001 or share > 0.999:
        return "under 0.1 %" if share < 0.001 else "over 99.9 %"
    return f"{100 * share:.{1 if share < 0.02 or share > 0.98 else 0}f} %"


def percent_span(low: float, high: float) -> str:
    """Format a range of shares: ``91 % to 98.8 %``; a range that almost reaches an end as ``97 % or more``."""
    least, most = percent(low), percent(high)
    if least == most:
        return least
    if most.startswith("over"):
        return f"{least} or more"
    return f"{most} or less" if least.startswith("under") else f"{least} to {most}"


def cut(value: object, length: int = 40) -> str:
    """Write `value` in at most `length` characters."""
    text = _CONTAINERS.repr(value) if isinstance(value, list | tuple | dict | set) else str(value)
    return text if len(text) <= length else text[: length - 1] + "…"


def shorten(value: object) -> str:
    """Quote `value`, cut to 40 characters."""
    return repr(cut(value))
