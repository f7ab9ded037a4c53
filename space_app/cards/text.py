"""Make a card's text safe and self-contained: split off the front matter, embed images, point links at the Hub."""

import base64
import html
import posixpath
import re
from collections.abc import Callable
from urllib.parse import urljoin

import yaml

MIME = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
MAX_PICTURES = 24
# In characters. PyYAML takes a second for this many; longer front matter is shown as it is.
MAX_FRONT = 2**15
# Every repetition is bounded: otherwise a card that consists of brackets would block the app for minutes.
FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
PICTURE = re.compile(
    r"!\[([^\[\]]{0,300})\]\(\s{0,9}<?([^\[)\s>]{1,1000}+)>?(?:\s{1,9}[\"'][^()]{0,300})?\s{0,9}\)"
)
TAG = re.compile(r"<img\b[^<>]{0,1000}>", re.IGNORECASE)
SOURCE = re.compile(r"\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
ALT = re.compile(r"\balt\s*=\s*\"([^\"]*)\"", re.IGNORECASE)
LINK = re.compile(r"(?<!!)\[([^\[\]]{0,300})\]\(\s{0,9}([^()\s]{1,1000})\s{0,9}\)")
WIDTH = re.compile(r"\bwidth\s*=\s*[\"']?(\d{1,4})\b", re.IGNORECASE)
# A quotation that begins with [!NOTE], [!WARNING] and so on.
ALERT = re.compile(r"^(> *)\[!([A-Z]+)\][ \t]*$", re.MULTILINE)


class _PlainLoader(yaml.BaseLoader):
    """Read every scalar as text, and refuse aliases: a few nested aliases can expand to gigabytes."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it uses aliases")
        return super().compose_node(parent, index)


def split(text: str) -> tuple[str, str]:
    """Split a card into its YAML front matter and the Markdown below it."""
    found = FRONT.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def values(front_matter: str) -> dict:
    """Read front matter with all scalars as text; return an empty mapping if it is not a YAML mapping."""
    if len(front_matter) > MAX_FRONT:
        return {}
    try:
        front = yaml.load(front_matter, Loader=_PlainLoader)
    except (yaml.YAMLError, RecursionError):
        return {}
    return front if isinstance(front, dict) else {}


def self_contained(markdown: str, *, page: str, read: Callable[[str], bytes | None]) -> str:
    """Rewrite a card's Markdown so that showing it sends no request to another server.

    Parameters
    ----------
    markdown : str
        The card without its front matter.
    page : str
        Where relative links lead: the repository's files on the Hub.
    read : callable
        Returns the bytes of a file, given its path in the repository, or None if the file does not exist.

    Returns
    -------
    str
        The Markdown with the repository's images as data URIs; an external image becomes a link to
        it. Code is left as it is.
    """
    left = MAX_PICTURES

    def inside(source: str) -> str | None:
        """Return the image as a data URI, or None if it is not one of the repository's images."""
        nonlocal left
        path = posixpath.normpath(source.split("?")[0].split("#")[0])
        mime = MIME.get(posixpath.splitext(path)[1].lower())
        local = not re.match(r"[a-z][a-z0-9+.-]*:|/", source, re.IGNORECASE) and not path.startswith("..")
        raw = read(path) if local and mime and left > 0 else None
        if raw is None:
            return None
        left -= 1
        return f"data:{mime};base64,{base64.b64encode(raw).decode()}"

    def picture(found: re.Match) -> str:
        alt, source = found[1], found[2]
        uri = inside(source)
        if uri:
            return f"![{alt}]({uri})"
        shown = f"Image: {alt or posixpath.basename(source)}"
        return f"[{shown}]({source})" if source.startswith(("http://", "https://")) else f"*{shown}*"

    def tag(found: re.Match) -> str:
        source, alt = SOURCE.search(found[0]), ALT.search(found[0])
        if not source:
            return ""
        uri, alt = inside(source[1]), html.escape(alt[1] if alt else posixpath.basename(source[1]))
        if uri:
            found_width = WIDTH.search(found[0])
            width = f' width="{found_width[1]}"' if found_width else ""
            return f'<img src="{uri}" alt="{alt}"{width}>'
        return (
            f'<a href="{html.escape(source[1])}">Image: {alt}</a>' if "://" in source[1] else f"Image: {alt}"
        )

    def link(found: re.Match) -> str:
        target = found[2]
        if re.match(r"/(?!/)", target):  # Another repository on the same Hub.
            return f"[{found[1]}]({urljoin(page, target)})"
        if re.match(r"[a-z][a-z0-9+.-]*:|#|/", target, re.IGNORECASE):
            return found[0]
        return f"[{found[1]}]({page}/{posixpath.normpath(target)})"

    def rewrite(prose: str) -> str:
        prose = ALERT.sub(lambda found: f"{found[1]}**{found[2].capitalize()}**  ", prose)
        prose = LINK.sub(link, prose)
        prose = PICTURE.sub(picture, prose)
        return TAG.sub(tag, prose)

    parts, end = [], 0
    for code in FENCE.finditer(markdown):
        parts += [rewrite(markdown[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*parts, rewrite(markdown[end:])])
