"""Texts for the page: escaped Markdown, ages, and renamed columns."""

import re
from datetime import UTC, datetime


def as_text(value: object) -> str:
    """Escape `value` for Markdown, so that it is shown literally."""
    return re.sub(r"([\\`*_{}\[\]()#+!|<>&$~])", r"\\\1", str(value))


def age(moment: datetime | None) -> str:
    """Write how long ago `moment` was, in its largest unit."""
    if moment is None:
        return "at an unknown time"
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for unit, length in ("day", 86_400), ("h", 3_600), ("min", 60):
        count = int(seconds // length)
        if count:
            return f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''} ago"
    return "just now"


def renaming(ours: str, theirs: str) -> str:
    """Explain that one of our columns was renamed, because the file already has a column of that name."""
    return f"Your file already has a column named {ours}, so the new column is named {theirs}."
