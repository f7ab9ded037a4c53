"""The routes of the course: its list of weeks, a page a week, and the pages' figures."""

import html
import re
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from space_app.course.html import render
from space_app.course.week import EXPERIMENTS, PAGES, WEEKS, Week, read, text_of

COMMAND = "make course"
_NOT_BUILT = (
    "<p>This page was not built yet. To build it, run this in the project’s folder, then reload the page:</p>"
    f"<pre><code>{COMMAND}</code></pre>"
)
_FIGURE = re.compile(r"week-\d\d-\d{1,2}\.webp")
_STYLE = Path(__file__).with_name("style.css")
# A figure keeps its name when its page is built again.
_CACHE = {"Cache-Control": "public, max-age=3600"}
# Where the app begins, seen from the list of weeks and from the pages under it; a proxy may put it under a path.
_FROM_INDEX, _FROM_PAGE = "./", "../"
_MARK = """<svg viewBox="0 0 48 48" width="32" height="32" aria-hidden="true"><circle cx="24" cy="24" r="8" fill="currentColor"/>
<ellipse cx="24" cy="24" rx="21" ry="9" fill="none" stroke="currentColor" stroke-width="2.2" transform="rotate(-28 24 24)"/>
<circle cx="42.4" cy="14.2" r="3.2" fill="#f0a73a"/></svg>"""


def routes() -> list[Route]:
    """Return the course's routes: ``/course``, ``/course/{week}``, ``/course/interview`` and ``/course/pages/{figure}``."""
    return [
        Route("/course", _index),
        Route("/course/", lambda _: RedirectResponse("../course")),
        Route("/course/pages/{figure}", _figure),
        Route("/course/interview", _interview),
        Route("/course/{week:int}", _week),
    ]


def index_page() -> str:
    """Return the list of weeks as a page."""
    rows = []
    for number in range(1, WEEKS + 1):
        week = read(number)
        if week is None:
            rows.append(
                f'<li><a href="{_FROM_INDEX}course/{number}">Week {number}</a><p>This page was not built yet.</p></li>'
            )
            continue
        rows.append(
            f'<li><a href="{_FROM_INDEX}course/{number}">Week {number}: {html.escape(week.title)}</a><p>{html.escape(week.goal)}</p>'
            f"<p>{_experiments(week, _FROM_INDEX)}</p></li>"
        )
    return _page(
        "The course",
        "<h1>The course</h1><p>Twelve weeks from Newton’s law to a model that is served. Each page says what to try in the Lab, "
        "which result to expect, and ends with exercises. All its numbers and figures are computed by its own code.</p>"
        f'<ol class="weeks">{"".join(rows)}</ol><p><a href="{_FROM_INDEX}course/interview">A mock interview</a>: ten questions with answers and a rubric.</p>',
        _FROM_INDEX,
    )


def week_page(number: int) -> str:
    """Return a week's page; if it was not built, one that says so with the command."""
    week, turn = read(number), _turn(number)
    if week is None:
        return _page(f"Week {number}", f"{turn}<h1>Week {number}</h1>{_NOT_BUILT}")
    tried = (
        f'<p class="experiments">In the Lab: {_experiments(week, _FROM_PAGE)}</p>' if week.experiments else ""
    )
    body = _rendered(week.markdown).replace("</h1>", f"</h1>{tried}", 1)
    return _page(f"Week {number}: {week.title}", f"{turn}{body}{turn}")


def interview_page() -> str:
    """Return the mock interview as a page."""
    text = text_of("interview")
    body = f"<h1>A mock interview</h1>{_NOT_BUILT}" if text is None else _rendered(text)
    return _page(
        "A mock interview",
        f'<nav class="turn" aria-label="Weeks"><a href="../course">All weeks</a></nav>{body}',
    )


def _index(_: Request) -> Response:
    return HTMLResponse(index_page())


def _week(request: Request) -> Response:
    number = request.path_params["week"]
    if not 1 <= number <= WEEKS:
        return HTMLResponse(
            _page(
                "No such week",
                f'<h1>The course has {WEEKS} weeks</h1><p><a href="../course">Choose one of them.</a></p>',
            ),
            status_code=404,
        )
    return HTMLResponse(week_page(number))


def _interview(_: Request) -> Response:
    return HTMLResponse(interview_page())


def _figure(request: Request) -> Response:
    name = request.path_params["figure"]
    if not _FIGURE.fullmatch(name) or not (PAGES / name).is_file():
        return Response("There is no such figure.", status_code=404, media_type="text/plain")
    return FileResponse(PAGES / name, media_type="image/webp", headers=_CACHE)


@cache
def _rendered(markdown: str) -> str:
    return render(markdown)


def _experiments(week: Week, top: str) -> str:
    return ", ".join(f'<a href="{top}lab/{EXPERIMENTS[title]}/">{title}</a>' for title in week.experiments)


def _turn(number: int) -> str:
    """Return the links to the weeks before and after."""
    before = f'<a href="../course/{number - 1}">← Week {number - 1}</a>' if number > 1 else "<span></span>"
    after = f'<a href="../course/{number + 1}">Week {number + 1} →</a>' if number < WEEKS else "<span></span>"
    return f'<nav class="turn" aria-label="Weeks">{before}<a href="../course">All weeks</a>{after}</nav>'


def _page(title: str, body: str, top: str = _FROM_PAGE) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, '
        f'initial-scale=1"><meta name="color-scheme" content="light dark"><title>{html.escape(title)} · SpaceHub</title>'
        f'<style>{_style()}</style></head><body><header class="masthead">{_MARK}<div><a href="{top}">SpaceHub</a><p>Space-themed machine '
        f"learning, served from the Hub at a commit.</p></div></header><main>{body}</main></body></html>"
    )


@cache
def _style() -> str:
    """Return the pages' style, with the colours of code in light and dark."""
    from pygments.formatters import HtmlFormatter

    light, dark = (
        "\n".join(
            line
            for line in HtmlFormatter(style=style).get_style_defs("pre").splitlines()
            if line.startswith("pre .")
        )
        for style in ("xcode", "github-dark")
    )
    return (
        f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n{_STYLE.read_text(encoding='utf-8')}"
    )
