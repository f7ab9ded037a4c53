"""Link terms of the course's glossary to their definition where the app uses them."""

import re
from functools import cache

from markupsafe import Markup, escape

from space_app.course.week import text_of

_ENTRY = re.compile(r'^- <a id="([\w-]+)"></a>\*\*(.+?)\*\*(?: \((.+?)\))?: (.+)$', re.MULTILINE)
_LINK = Markup(
    '<a class="term" href="{top}course/glossary#{place}" target="_blank" rel="noopener" title="{definition}">{term}</a>'
)


def with_terms(text: str, top: str = "") -> Markup:
    """Return a text as HTML; each glossary term shows its definition and links to the glossary.

    Parameters
    ----------
    text : str
        Plain text, such as ``"PR-AUC for failures"``.
    top : str
        Relative address of the front page.
    """
    known, pattern = _terms()
    seen: set[str] = set()

    def link(match: re.Match) -> Markup:
        place, definition = known[match[0].casefold()]
        if place in seen:
            return match[0]
        seen.add(place)
        return _LINK.format(top=top, place=place, definition=definition, term=Markup(match[0]))

    return Markup(pattern.sub(link, escape(text)))


@cache
def _terms() -> tuple[dict[str, tuple[str, str]], re.Pattern]:
    """Return each term's place and definition, and the pattern that matches the terms.

    Empty if the course was not built.
    """
    known = {
        term.casefold(): (place, definition)
        for place, term, _, definition in _ENTRY.findall(text_of("glossary") or "")
        if len(term) > 1
    }
    longest_first = sorted(known, key=len, reverse=True)
    words = "|".join(re.escape(term) for term in longest_first) or "(?!)"
    return known, re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)
