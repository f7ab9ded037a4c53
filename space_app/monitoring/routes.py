"""Serve ``/livez``, ``/readyz`` and ``/metrics``: probes are open, metrics need a token or a private port."""

import asyncio
import contextlib
import hmac
import os
from collections.abc import AsyncIterator, Callable

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from space_app.monitoring import drift, load, requests
from space_app.monitoring.log import RequestLog
from space_app.monitoring.metrics import Metrics
from space_app.watch import Watch
from spacehub import ports
from spacehub.home import home

PORT, TOKEN = "SPACEHUB_METRICS_PORT", "SPACEHUB_METRICS_TOKEN"


class Monitoring:
    """The log, the metrics and the drift of one app, and where they are served.

    Parameters
    ----------
    watch : Watch
        Provides the models' commits.
    waiting : callable
        Returns how many events wait in the pages' queues.

    Raises
    ------
    SpaceHubError
        If SPACEHUB_METRICS_PORT is not a port, or is in use.
    """

    def __init__(self, watch: Watch, waiting: Callable[[], int]):
        self._watch, self._token = watch, os.environ.get(TOKEN, "").strip()
        self._port = ports.read(PORT, 9100) if os.environ.get(PORT, "").strip() else None
        if self._port:
            ports.require_free(PORT, "127.0.0.1", self._port)
        self._drift = drift.begin(home() / "serving" / "drift.json")
        self._log = RequestLog(home() / "logs" / "requests.jsonl")
        self._metrics = Metrics(watch, self._drift, waiting)
        requests.listen(self._log)
        requests.listen(self._metrics)
        requests.listen(load.begin(waiting))
        requests.take_notes(self._log.note)

    def routes(self) -> list[Route]:
        """Return the routes on the app's own address; metrics need the token there."""
        return [*self._probes(), Route("/metrics", self._guarded)]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve the private port, if there is one; save the counts at the end."""
        server = task = None
        if self._port:
            private = Starlette(routes=[*self._probes(), Route("/metrics", self._open)])
            server = _Private(
                uvicorn.Config(
                    private, port=self._port, log_level="warning", access_log=False, lifespan="off"
                )
            )
            task = asyncio.create_task(server.serve())
        try:
            yield
        finally:
            if server:
                server.should_exit = True
                await task
            self._drift.save()

    def _probes(self) -> list[Route]:
        return [Route("/livez", self._live), Route("/readyz", self._ready)]

    async def _live(self, _: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _ready(self, _: Request) -> Response:
        """Return 200 once every published model and dataset that a tab serves can answer."""
        missing = self._watch.missing()
        if missing:
            return PlainTextResponse(f"waiting for {', '.join(missing)}\n", 503)
        return PlainTextResponse("ok\n")

    async def _open(self, _: Request) -> Response:
        return Response(await asyncio.to_thread(self._metrics.text), media_type=CONTENT_TYPE_LATEST)

    async def _guarded(self, request: Request) -> Response:
        if not self._token:
            return PlainTextResponse(f"Set {TOKEN} or {PORT} to read the metrics.\n", 404)
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            return PlainTextResponse("The token is missing or wrong.\n", 401, {"WWW-Authenticate": "Bearer"})
        return await self._open(request)


class _Private(uvicorn.Server):
    """A second server next to the app's own; the app's server handles the signals."""

    @contextlib.contextmanager
    def capture_signals(self):
        """Handle none."""
        yield
