"""The build and run logs of a Space, as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse
from starlette.routing import Route

from localhub.errors import HubError
from localhub.ids import RepoId, RepoType
from localhub.spaces.logs import Log
from localhub.spaces.runner import SpaceRunner
from localhub.web.call import Call, endpoint

KEEP_ALIVE_SECONDS = 15
_TICK_SECONDS = 0.1


def get_log(call: Call) -> StreamingResponse:
    """Send the log of a Space's build or app. The response ends when the build or the app ends."""
    repo = call.find(RepoId.of_path(RepoType.SPACE, call.path("namespace"), call.path("name")), write=True)
    kind, runner = call.path("kind"), call.hub.spaces
    if kind not in ("build", "run"):
        raise HubError(404, "There are two logs of a Space: build and run")
    log = runner.log(repo.id, kind) if runner else None
    if runner is None or log is None:
        raise HubError(404, "This Hub has not started this Space, so it has no log")
    return StreamingResponse(_events(log, runner), media_type="text/event-stream")


async def _events(log: Log, runner: SpaceRunner) -> AsyncIterator[str]:
    number, quiet = 0, 0.0
    while True:
        closed = log.closed or runner.closed
        number, lines = log.since(number)
        for text, moment in lines:
            event = {"data": f"{text}\n", "timestamp": moment}
            yield f"data: {json.dumps(event)}\n\n"
        if closed:
            return
        await asyncio.sleep(_TICK_SECONDS)
        quiet = 0.0 if lines else quiet + _TICK_SECONDS
        if quiet >= KEEP_ALIVE_SECONDS:
            quiet = 0.0
            yield "data:\n\n"


routes = [Route("/api/spaces/{namespace:part}/{name:part}/logs/{kind:part}", endpoint(get_log))]
