"""Checks of each request (gradio/routes.py).

`login_check` is a plain function, so FastAPI runs it in a thread for each request, two or three times per call,
only to read two attributes. Here it runs without a thread.

Between two messages a stream checks whether its reader has left, which opens a scope and cancels it. Starlette's
response checks for that anyway, and ends the stream.

Upstream: no report found (November 2026).
"""

from fastapi.dependencies import utils as dependencies
from starlette.requests import Request

_in_thread = dependencies.run_in_threadpool


async def _at_once(function, *args, **kwargs):
    if function.__qualname__ == "App.create_app.<locals>.login_check":
        return function(*args, **kwargs)
    return await _in_thread(function, *args, **kwargs)


dependencies.run_in_threadpool = _at_once


_is_disconnected = Request.is_disconnected


async def _known_disconnected(self: Request) -> bool:
    """Return whether the reader is known to have left; streams end by themselves, so they are not checked."""
    if self.scope["path"].endswith("/queue/data") or "/call/" in self.scope["path"]:
        return self._is_disconnected
    return await _is_disconnected(self)


Request.is_disconnected = _known_disconnected
