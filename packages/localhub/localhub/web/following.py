"""Send a log as server-sent events until it is closed."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from starlette.responses import StreamingResponse

from localhub.spaces.logs import Log

KEEP_ALIVE_SECONDS = 15
_TICK_SECONDS = 0.1


def follow(log: Log, stopping: Callable[[], bool], *, first: int = 0, end: str = "") -> StreamingResponse:
    """Send a log from line `first`, each line followed by `end`, until the log is closed or the Hub is `stopping`."""
    return StreamingResponse(_events(log, stopping, first, end), media_type="text/event-stream")


async def _events(log: Log, stopping: Callable[[], bool], number: int, end: str) -> AsyncIterator[str]:
    quiet = 0.0
    while True:
        closed = log.closed or stopping()
        number, lines = log.since(number)
        for text, moment in lines:
            event = {"data": f"{text}{end}", "timestamp": moment}
            yield f"data: {json.dumps(event)}\n\n"
        if closed:
            return
        await asyncio.sleep(_TICK_SECONDS)
        quiet = 0.0 if lines else quiet + _TICK_SECONDS
        if quiet >= KEEP_ALIVE_SECONDS:
            quiet = 0.0
            yield "data:\n\n"
