"""A week's Markdown as HTML that asks no other server for anything."""

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
_FORMATTER = HtmlFormatter(nowrap=True)


def _code(text: str, language: str, _: str) -> str:
    """Return a block of code with its parts marked; no other language has any."""
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return html.escape(text)
    return highlight(text, lexer, _FORMATTER)


def render(markdown: str) -> str:
    """Return a built page's text as HTML.

    Links to weeks and experiments lead there in the app, from a page right under ``/course/``. A link to a file of the project becomes the file's name: it is not
    on this server.
    """
    parser = MarkdownIt("commonmark", {"html": True, "highlight": _code}).enable("table")
    tokens = parser.parse(markdown)
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
    """Make of every "Lab › Orbits" a link, outside of code."""
    parts = re.split(r"(<pre>.*?</pre>)", page, flags=re.DOTALL)
    linked = [
        part
        if part.startswith("<pre>")
        else LAB.sub(lambda found: f'<a href="../lab/{EXPERIMENTS[found[1]]}/">{found[0]}</a>', part)
        for part in parts
    ]
    # What scrolls can be reached by keyboard.
    return "".join(linked).replace("<pre><code", '<pre tabindex="0"><code')
