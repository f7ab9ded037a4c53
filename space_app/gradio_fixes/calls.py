"""Calls (gradio/routes.py).

For each request, FastAPI compares the path with Gradio's sixty routes, most of them twice, behind four
middlewares, and then resolves the route's dependencies. For a call, that takes longer than Gradio's own
functions. Here the requests that a program's call consists of go directly to these functions.

All other requests take Gradio's way, including every call that is wrong, so that its error stays the same: a
request from a web page (its Origin header is checked on the way), an app with a login, a body that is refused.
Only an endpoint that the page does not have gets the answer of ``unknown``.

Upstream: https://github.com/fastapi/fastapi/pull/15963 (closed), https://github.com/fastapi/fastapi/pull/16159 (open)
"""

import json
from collections.abc import Callable, Iterator, Sequence

from fastapi.exception_handlers import http_exception_handler
from fastapi.routing import APIRoute
from gradio import route_utils
from gradio.data_classes import PredictBody, SimplePredictBody
from gradio.routes import App
from pydantic import BaseModel
from starlette._utils import get_route_path
from starlette.background import BackgroundTasks
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute


class Calls:
    """A page's ASGI app that answers the requests of calls itself, and passes all others on to Gradio's app."""

    def __init__(self, app: App):
        self._app = app
        self._functions = {route.endpoint.__name__: route.endpoint for route in _routes(app.routes)}

    async def __call__(self, scope, receive, send) -> None:
        """Serve a request."""
        answer = None
        if scope["type"] == "http" and self._app.auth is None and self._app.auth_dependency is None:
            request = Request(scope | {"app": self._app}, receive)
            # Of a second-version call, only the name is checked here: Gradio's way checks the origin.
            if "origin" not in request.headers or _is_second_version(request):
                answer = await self._answer(request)
                receive = _replay(request, receive)
        await (answer or self._app)(scope, receive, send)

    async def _answer(self, request: Request) -> Response | None:
        """Return the response to a request of a call, or None if Gradio's app has to answer."""
        try:
            match request.method, *get_route_path(request.scope).split("/")[1:]:
                case "POST", "gradio_api", "call", name:
                    body = await _read(request, SimplePredictBody)
                    return body and JSONResponse(
                        await self._functions["simple_predict_post"](name, body, request, None)
                    )
                case "POST", "gradio_api", "call", "v2", name:
                    # Raises if the page has no such endpoint, which Gradio's function does not check.
                    route_utils.get_fn(self._app.get_blocks(), name, PredictBody(data=[]))
                case "GET", "gradio_api", "call", _, event:
                    return await self._functions["simple_predict_get"](request, event)
                case "POST", "gradio_api", "queue", "join":
                    body = await _read(request, PredictBody)
                    return body and JSONResponse(await self._functions["queue_join"](body, request, None))
                case "POST", "gradio_api", "upload" if "upload_id" not in request.query_params:
                    copies = BackgroundTasks()
                    paths = await self._functions["upload_file"](request, copies, None)
                    return (
                        paths
                        if isinstance(paths, Response)
                        else JSONResponse([str(path) for path in paths], background=copies)
                    )
        except HTTPException as error:
            return await http_exception_handler(request, error)
        except ClientDisconnect:
            return Response(status_code=400)
        return None


def _is_second_version(request: Request) -> bool:
    return request.method == "POST" and get_route_path(request.scope).startswith("/gradio_api/call/v2/")


def _routes(routes: Sequence[BaseRoute]) -> Iterator[APIRoute]:
    """Yield the routes of an app, including those of the routers that it includes."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif router := getattr(route, "original_router", None):
            yield from _routes(router.routes)


async def _read(request: Request, kind: type[BaseModel]) -> BaseModel | None:
    """Return a call's JSON body, or None if it is not as expected."""
    if request.headers.get("content-type") != "application/json":
        return None
    try:
        return kind(**json.loads(await request.body()))
    except (ValueError, TypeError, RecursionError):
        return None


def _replay(request: Request, receive: Callable) -> Callable:
    """Return a `receive` that begins with the body again if it has been read."""
    body = getattr(request, "_body", None)
    if body is None:
        return receive
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replay() -> dict:
        return next(messages, None) or await receive()

    return replay
