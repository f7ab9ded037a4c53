"""Limit the bodies that Gradio reads: Gradio parses JSON of any size, and echoes all of it if it is invalid."""

import re

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

# Files are uploaded before the call that names them.
MOST = 8 * 2**20
MOST_DISCARDED = 8 * MOST
_READ_BY_GRADIO = re.compile(r"/gradio_api/(?!upload)")


class BodyLimit:
    """Refuse a call with a longer body, before the body is read (status 413; ASGI middleware)."""

    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send) -> None:
        """Pass on the request with at most `MOST` bytes of its body."""
        if scope["type"] != "http" or not _READ_BY_GRADIO.search(scope["path"]):
            return await self._app(scope, receive, send)
        length = dict(scope["headers"]).get(b"content-length", b"")
        if length.isdigit() and int(length) > MOST:
            refusal = PlainTextResponse(
                f"The request body is larger than {MOST >> 20} MiB. Send a file instead.\n", 413
            )
            await _discard(receive)
            return await refusal(scope, receive, send)
        total = 0

        async def counted() -> dict:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > MOST:
                raise HTTPException(413, f"The request body is larger than {MOST >> 20} MiB.")
            return message

        return await self._app(scope, counted, send)


async def _discard(receive) -> None:
    """Read and drop up to `MOST_DISCARDED` bytes of a body: many clients read an answer only after sending it all."""
    total, more = 0, True
    while more and total < MOST_DISCARDED:
        message = await receive()
        total += len(message.get("body", b""))
        more = message.get("more_body", False)
