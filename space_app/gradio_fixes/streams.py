"""Streams of messages (gradio/routes.py).

A stream may ask for a session that Gradio has forgotten, for example if its page is closing. Gradio raises an
error inside the stream, after its first message, so uvicorn prints a traceback. Here the stream ends.

Upstream: no report found (November 2026).
"""

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from space_app.gradio_fixes.queues import PageQueue


async def serve(app, queue: PageQueue, scope, receive, send) -> None:
    """Serve a request of a page; its queue knows its streams, and a forgotten session's stream ends quietly."""
    if not scope.get("path", "").endswith("/queue/data"):
        await app(scope, receive, send)
        return
    readers = queue.readers
    session = QueryParams(scope["query_string"]).get("session_hash", "")
    readers[session] += 1
    try:
        await app(scope, receive, send)
    except RuntimeError as error:
        if not isinstance(error.__cause__, HTTPException):
            raise
        await send({"type": "http.response.body", "body": b""})
    finally:
        readers[session] -= 1
        if not readers[session]:
            del readers[session]
