"""Render a week's Markdown as HTML that sends no request to another server."""

import html
import itertools
import re

from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from space_app.course.week import EXPERIMENTS, LAB, slug

_PAGE = re.compile(r"(?:week-0?(\d+)|([a-z]+))\.md(#.*)?")
# A comment on its own line, such as a result for the page of the days.
_COMMENT = re.compile(r"^<!--.*?-->$", re.MULTILINE)
_FORMATTER = HtmlFormatter(nowrap=True)


def _code(text: str, language: str, _: str) -> str:
    """Return a code block with syntax highlighting, or as plain text if the language is unknown."""
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return html.escape(text)
    return highlight(text, lexer, _FORMATTER)


def render(markdown: str) -> str:
    """Return the text of a built page as HTML.

    Links to weeks and experiments point to these pages in the app, relative to a page directly
    under ``/course/``. A link to a file of the project becomes the file's name, because the file is not on this
    server.
    """
    parser = MarkdownIt("commonmark", {"html": True, "highlight": _code}).enable("table")
    tokens = parser.parse(_COMMENT.sub("", markdown))
    for before, token in itertools.pairwise(tokens):
        if token.type == "inline":
            _set_links(token.children)
            if before.type == "heading_open" and before.tag != "h1":
                before.attrSet("id", slug(token.content))
    return _with_experiments(parser.renderer.render(tokens, parser.options, {}))


def _set_links(children: list) -> None:
    inside = False
    for token in children:
        if token.type == "image":
            token.attrSet("src", f"../course/pages/{token.attrGet('src')}")
            token.attrSet("loading", "lazy")
        elif token.type == "link_open":
            target = token.attrGet("href")
            page = _PAGE.fullmatch(target)
            if page:
                token.attrSet("href", f"../course/{page[1] or page[2]}{page[3] or ''}")
            elif "://" not in target:
                token.tag, token.attrs, inside = (
                    "span",
                    {"class": "file", "title": target.removeprefix("../../../")},
                    True,
                )
        elif token.type == "link_close" and inside:
            token.tag, inside = "span", False


def _with_experiments(page: str) -> str:
    """Turn every "Lab › Orbits" outside code into a link."""
    parts = re.split(r"(<pre>.*?</pre>)", page, flags=re.DOTALL)
    linked = [
        part
        if part.startswith("<pre>")
        else LAB.sub(lambda match: f'<a href="../lab/{EXPERIMENTS[match[1]]}/">{match[0]}</a>', part)
        for part in parts
    ]
    # Makes scrollable parts reachable with the keyboard.
    focusable = "".join(linked).replace("<pre><code", '<pre tabindex="0"><code')
    return focusable.replace("<table>", '<table tabindex="0">')
