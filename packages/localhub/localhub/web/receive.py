"""Receive a long body with flat memory."""

import asyncio
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from localhub.web.bodies import stream

WRITE_BYTES = 4 << 20


class Incoming(Protocol):
    """A receiver for the chunks of a body."""

    def write(self, pieces: list[bytes]) -> None:
        """Handle the next bytes."""


async def receive(request: Request, incoming: Incoming) -> None:
    """Process the body in a thread while the next chunks arrive."""
    writing: asyncio.Future[Any] | None = None
    pieces, size = [], 0
    try:
        async for piece in stream(request):
            pieces.append(piece)
            size += len(piece)
            if size >= WRITE_BYTES:
                if writing is not None:
                    await writing
                writing = asyncio.ensure_future(run_in_threadpool(incoming.write, pieces))
                pieces, size = [], 0
    finally:
        if writing is not None:
            await writing
    await run_in_threadpool(incoming.write, pieces)
