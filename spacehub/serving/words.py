"""Numbers and values as people write them."""


def plain(value: float) -> str:
    """Write a number with thousands set off and no idle zeros: ``17,400``, ``0.25``."""
    return f"{value:,.3f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """Write a share of 1 as a percentage, one decimal near the ends, and never 0 or 100 unless exact."""
    if share in (0, 1):
        return f"{100 * share:.0f} %"
    if share < 0.001 or share > 0.999:
        return "under 0.1 %" if share < 0.001 else "over 99.9 %"
    return f"{100 * share:.{1 if share < 0.02 or share > 0.98 else 0}f} %"


def shorten(value: object, length: int = 40) -> str:
    """Quote `value`, cut to `length` characters."""
    text = str(value)
    return repr(text if len(text) <= length else text[: length - 1] + "…")
