"""Render untrusted Markdown as HTML that runs no code and loads nothing from other sites."""

import re
from functools import cache, lru_cache
from posixpath import join, normpath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


# Limits for rendering in well under a second; a longer text is shown as it is.
LARGEST_CHARACTERS = 200_000
MOST_BRACKETS = 20_000
MOST_TAGS = 20_000
DEEPEST_TAGS = 500

# A quotation that starts with [!NOTE], [!WARNING] and so on.
_ALERT = re.compile(r"^(> *)\[!([A-Z]+)\][ \t]*$", re.MULTILINE)
_VIDEO = {"src", "controls", "width", "height", "muted", "loop"}
_TAG = re.compile(r"<(/?)([A-Za-z]+)")
_WITHOUT_END = {
    "br",
    "img",
    "hr",
    "p",
    "li",
    "td",
    "tr",
    "th",
    "dt",
    "dd",
    "col",
    "source",
    "input",
    "option",
}


def is_renderable(text: str) -> bool:
    """Return whether a text is short, flat and plain enough to be rendered quickly."""
    if len(text) > LARGEST_CHARACTERS or text.count("[") > MOST_BRACKETS or text.count("<") > MOST_TAGS:
        return False
    depth = 0
    for end, name in _TAG.findall(text):
        if name.lower() not in _WITHOUT_END:
            depth += -1 if end else 1
            if depth > DEEPEST_TAGS:
                return False
    return True


@cache
def _renderer() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@lru_cache(maxsize=64)
def to_html(text: str, *, address: str, commit: str) -> str | None:
    """Render a Markdown text of a repo; None if it is not `is_renderable`.

    HTML that only formats text is kept. Links may point anywhere; images and video come only from the repo
    itself at the same commit.

    Parameters
    ----------
    text : str
    address : str
        The repo's page, e.g. ``datasets/spacehub/launches``.
    commit : str
        The base of relative addresses.
    """
    if not is_renderable(text):
        return None
    import nh3

    def address_of(tag: str, attribute: str, value: str) -> str | None:
        if attribute not in ("href", "src"):
            return value
        parts = urlsplit(value)
        if parts.scheme or parts.netloc or value.startswith("/"):
            return value if attribute == "href" else None
        if not parts.path:
            return value
        path = normpath(join("/", unquote(parts.path))).lstrip("/")
        view = "blob" if attribute == "href" else "resolve"
        return f"/{address}/{view}/{commit}/{quote(path)}"

    plain = _ALERT.sub(lambda match: f"{match[1]}**{match[2].capitalize()}**  ", text)
    return nh3.clean(
        _renderer().render(plain),
        tags=nh3.ALLOWED_TAGS | {"video"},
        attributes=nh3.ALLOWED_ATTRIBUTES | {"video": _VIDEO},
        attribute_filter=address_of,
        url_schemes={"http", "https", "mailto"},
    )
