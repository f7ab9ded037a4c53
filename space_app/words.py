"""Texts for the page: escaped, short commits, ages."""

import html
import re
from datetime import UTC, datetime

from space_app.monitoring import requests
from spacehub.errors import NotYetError, SpaceHubError


def esc(value: object) -> str:
    """Escape `value` for a `gr.HTML`, which reads braces and dollars as its own templates.

    A per cent sign stays with its number.
    """
    text = html.escape(str(value)).replace(" %", "&nbsp;%")
    return text.replace("{", "&#123;").replace("}", "&#125;").replace("$", "&#36;")


def as_text(value: object) -> str:
    """Escape `value` for Markdown, so that it shows as it is."""
    return re.sub(r"([\\`*_{}\[\]()#+!|<>&$~])", r"\\\1", str(value))


def age(moment: datetime | None) -> str:
    """Return how long ago `moment` was, in its largest unit."""
    if moment is None:
        return "at an unknown time"
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for unit, length in ("day", 86_400), ("h", 3_600), ("min", 60):
        count = int(seconds // length)
        if count:
            return f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''} ago"
    return "just now"


def commit_link(page: str, commit: str) -> str:
    """Return a link to a commit's page, named by its first seven digits."""
    return f'<a class="commit" href="{esc(page)}" target="_blank" rel="noopener">{esc(commit[:7])}</a>'


def renaming(ours: str, theirs: str) -> str:
    """Explain that a column of ours has another name in a file, which has a column of that name already."""
    return f"Your file already has a column {ours}; ours is named {theirs}."


def mistake(error: SpaceHubError) -> str:
    """Draw a visitor's mistake in the place of the answer, or that there is nothing to answer with yet."""
    requests.refused(error)
    if isinstance(error, NotYetError):
        return f'<div class="notice loud" role="status">{esc(error)}</div>'
    return f'<div class="notice bad" role="alert"><b>Please check.</b> {esc(error)}</div>'
