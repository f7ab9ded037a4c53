"""The page's address (gradio/route_utils.py).

For each call, Gradio works out the address at which the visitor sees the page. It parses the address of the
request three times with a parser that checks every part, which takes about a tenth of the event loop's time.
Here the last addresses are remembered.

Upstream: no report found (November 2026).
"""

from gradio import route_utils
from gradio.utils import LRUCache
from starlette.requests import Request

MOST_REMEMBERED = 100
# What the address depends on, besides the request's own address.
_HEADERS = ("host", "x-forwarded-host", "x-forwarded-proto", "x-gradio-server")
_remembered: LRUCache[tuple, str] = LRUCache(MOST_REMEMBERED)
_get_root_url = route_utils.get_root_url


def _remember_root_url(request: Request, route_path: str, root_path: str | None) -> str:
    """Return the address of the page that a request belongs to, without a slash at the end."""
    scope, headers = request.scope, request.headers
    place = (scope["scheme"], *(scope.get("server") or ()), scope.get("root_path"), scope["path"])
    key = (*place, *(headers.get(name) for name in _HEADERS), route_path, root_path)
    if key not in _remembered:
        _remembered[key] = _get_root_url(request, route_path, root_path)
    return _remembered[key]


route_utils.get_root_url = _remember_root_url
