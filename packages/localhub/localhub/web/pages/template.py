"""Render the template of a page. No page runs code or loads anything from other sites."""

from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse
from starlette.routing import Route

from localhub.errors import HubError
from localhub.extras import has, need
from localhub.web.call import Call, endpoint

if TYPE_CHECKING:
    import jinja2

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def page(name: str, **values: Any) -> HTMLResponse:
    """Render the template `name` with these values."""
    return HTMLResponse(_templates().get_template(name).render(values), headers=HEADERS)


def route(path: str, handler: Callable[[Call], HTMLResponse]) -> Route:
    """Return the route of a page; an error is shown as a page, too."""

    @wraps(handler)
    def show(call: Call) -> HTMLResponse:
        try:
            need("pages", "A page")
            return handler(call)
        except HubError as error:
            if not has("pages"):
                raise
            problem = page("problem.html", title=error.message.removesuffix("."))
            problem.status_code = error.status
            problem.headers.update(error.headers)
            return problem

    return Route(path, endpoint(show))


@cache
def _templates() -> "jinja2.Environment":
    import jinja2

    folder = Path(__file__).parent.parent / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["size"] = _size
    environment.filters["minute"] = _minute
    return environment


def _minute(stamp: str) -> str:
    return f"{stamp[:16].replace('T', ' ')} UTC"


def _size(count: int) -> str:
    """Format a number of bytes for people: 812 bytes, 3.4 MB."""
    if count < 1000:
        return f"{count} bytes"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.5:
            return f"{value:.3g} {unit}"
    return f"{value / 1000:.3g} TB"
