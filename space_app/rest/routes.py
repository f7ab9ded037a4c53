"""The routes under ``/api/v1``."""

import asyncio
import functools
import logging

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from space_app.limits import Allowance
from space_app.monitoring import requests
from space_app.rest import bodies, openapi, visitors
from space_app.rest.operations import OPERATIONS, Operation, wrong
from space_app.rest.problems import ProblemError
from space_app.watch import Watch
from spacehub.errors import SpaceHubError

PREFIX = "/api/v1"
RETRY_SECONDS = 30
AT_ONCE, AN_HOUR = 120, 3_600  # requests of a visitor

log = logging.getLogger(__name__)


def routes(watch: Watch, allowance: Allowance) -> Mount:
    """Return the routes, with `watch` as the view of the Hub; each request is taken from the visitor's allowance."""
    listed = [
        Route(f"/{operation.path}", functools.partial(_answer, watch, allowance, operation), methods=["POST"])
        for operation in OPERATIONS
    ]
    described = Route("/openapi.json", _describe)
    absent = Route("/{path:path}", _absent, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    return Mount(PREFIX, routes=[described, *listed, absent])


async def _answer(watch: Watch, allowance: Allowance, operation: Operation, request: Request) -> Response:
    try:
        with requests.watched(f"POST {PREFIX}/{operation.path}") as record:
            try:
                visitors.spend(allowance, request, "You have sent too many requests.")
                return JSONResponse(await _work(watch, operation, request))
            except ProblemError as problem:
                record.outcome = requests.BUSY if problem.status == 429 else requests.REFUSED
                return problem.response()
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("%s failed", operation.path)
        return ProblemError(
            500, "The request failed because of an internal error. Try again, or report the problem."
        ).response()


async def _work(watch: Watch, operation: Operation, request: Request) -> object:
    if operation.file:
        async with bodies.read_file(request, operation.file) as path:
            _require_ready(watch, operation.needs({}))
            async with operation.gate.passed():
                return await _run(watch, operation, {operation.file: path})
    given = operation.check(await bodies.read_json(request))
    _require_ready(watch, operation.needs(given))
    if operation.refine and (errors := operation.refine(watch, given)):
        raise wrong(errors)
    async with operation.gate.passed():
        return await _run(watch, operation, given)


def _require_ready(watch: Watch, key: str | None) -> None:
    """Check that a model can answer, without waiting."""
    if key is None or watch.status(key).served is not None:
        return
    headers = {"Retry-After": str(RETRY_SECONDS)}
    if not watch.looked:
        raise ProblemError(
            503, "The app is starting. Try again in a few seconds.", headers={"Retry-After": "2"}
        )
    try:
        watch.ready(key)
    except SpaceHubError as error:
        raise ProblemError(503, str(error), headers=headers) from error


async def _run(watch: Watch, operation: Operation, given: dict) -> object:
    try:
        return await operation.run(watch, **given)
    except SpaceHubError as error:
        names = [name for name in given if name in str(error)] or list(given)[:1]
        raise ProblemError(422, str(error), errors=[(name, str(error)) for name in names]) from error


async def _describe(_: Request) -> Response:
    return JSONResponse(openapi.document())


async def _absent(request: Request) -> Response:
    known = {operation.path for operation in OPERATIONS}
    path = request.path_params["path"]
    if path in known:
        return ProblemError(
            405, f"Send a POST request to {PREFIX}/{path}.", headers={"Allow": "POST"}
        ).response()
    listed = ", ".join(f"{PREFIX}/{name}" for name in sorted(known))
    return ProblemError(404, f"This path does not exist. Use {listed}, or {PREFIX}/openapi.json.").response()
