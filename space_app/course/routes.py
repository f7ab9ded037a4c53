"""Routes of the course: the list of weeks, one page per week, and the pages' figures."""

import json
import re
from functools import cache, partial
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from space_app.course.challenge import Live
from space_app.course.day import days, katas
from space_app.course.html import render
from space_app.course.week import PAGES, WEEKS, read, text_of
from space_app.html import page
from spacehub.lab import checkpoints

# The pages that do not belong to a week, by the name in their address.
EXTRAS = {
    "days": "The course, day by day",
    "katas": "The katas",
    "mission": "Your own mission",
    "challenge": "The challenge",
    "interview": "A mock interview",
    "glossary": "Glossary",
    "resources": "Further reading",
}
_ACTIVE = {"days": "days.js", "katas": "katas.js"}
# The pages' scripts by name: those of the course, and those shared with the quiz.
_QUIZ = Path(__file__).parents[1] / "lab" / "checkpoints" / "static"
SCRIPTS = {path.name: path for path in sorted(Path(__file__).with_name("static").glob("*.js"))} | {
    name: _QUIZ / name for name in ("element.js", "leitner.js", "progress.js")
}
_FIGURE = re.compile(r"week-\d\d-\d{1,2}\.webp")
_STYLE = Path(__file__).with_name("style.css")
# A figure keeps its name when its page is built again.
_CACHE = {"Cache-Control": "public, max-age=3600"}
# The root of the app, seen from the list of weeks and from the pages below it; a proxy may serve it under
# a path.
_FROM_INDEX, _FROM_PAGE = "./", "../"


def routes() -> list[Route]:
    """Return the course's routes: ``/course``, ``/course/{week}``, its pages without a week, and ``/course/pages/{figure}``."""
    return [
        Route("/course", _index),
        Route("/course/", lambda _: RedirectResponse("../course")),
        Route("/course/pages/{figure}", _figure),
        Route("/course/progress", lambda _: HTMLResponse(progress_page())),
        *(Route(f"/course/static/{name}", partial(_script, path)) for name, path in SCRIPTS.items()),
        Route("/course/challenge", partial(_challenge, Live())),
        *(Route(f"/course/{name}", partial(_extra, name)) for name in EXTRAS),
        Route("/course/{week:int}", _week),
    ]


def index_page() -> str:
    """Return the page that lists the weeks."""
    weeks = [(number, read(number)) for number in range(1, WEEKS + 1)]
    return _page("index", top=_FROM_INDEX, weeks=weeks)


def week_page(number: int) -> str:
    """Return a week's page; if it was not built, a page that gives the build command."""
    week = read(number)
    heading, end, body = _rendered(week.markdown).partition("</h1>") if week else ("", "", "")
    return _page(
        "week", number=number, week=week, weeks=WEEKS, heading=Markup(heading + end), body=Markup(body)
    )


def extra_page(name: str) -> str:
    """Return a page that does not belong to a week, one of `EXTRAS`."""
    text = text_of(name)
    body = Markup(_rendered(text)) if text else ""
    return _page("extra", kind=name, title=EXTRAS[name], body=body, script=_ACTIVE.get(name, ""))


def progress_page() -> str:
    """Return the page of a learner's progress, which its script fills in the browser."""
    known, listed = days(), katas()
    weeks = [
        {
            "number": number,
            "title": checkpoints.week(number).title,
            "days": known[number],
            "katas": listed[number],
            "questions": [question.key for question in checkpoints.week(number).questions],
        }
        for number in range(1, WEEKS + 1)
    ]
    return _page("progress", weeks=json.dumps(weeks, ensure_ascii=False))


def _index(_: Request) -> Response:
    return HTMLResponse(index_page())


def _week(request: Request) -> Response:
    number = request.path_params["week"]
    if not 1 <= number <= WEEKS:
        return HTMLResponse(_page("no_such_week", weeks=WEEKS), status_code=404)
    return HTMLResponse(week_page(number))


def _extra(name: str, _: Request) -> Response:
    return HTMLResponse(extra_page(name))


def _challenge(live: Live, _: Request) -> Response:
    text = text_of("challenge")
    body = _rendered(text).partition("</h1>")[2] if text else ""
    return HTMLResponse(_page("challenge", state=live.state(), body=Markup(body)))


def _script(path: Path, _: Request) -> Response:
    return FileResponse(path, media_type="text/javascript")


def _figure(request: Request) -> Response:
    name = request.path_params["figure"]
    if not _FIGURE.fullmatch(name) or not (PAGES / name).is_file():
        return Response("This figure does not exist.", status_code=404, media_type="text/plain")
    return FileResponse(PAGES / name, media_type="image/webp", headers=_CACHE)


@cache
def _rendered(markdown: str) -> str:
    return render(markdown)


def _page(name: str, *, top: str = _FROM_PAGE, **values: object) -> str:
    return page(f"course/{name}.html", top=top, style=Markup(_style()), **values)


@cache
def _style() -> str:
    """Return the pages' style, with syntax colours for light and dark."""
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
