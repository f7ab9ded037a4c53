"""The embedded Hub's description of its API (OpenAPI 3.0), generated from the route table and from what each handler reads."""

import inspect
import re
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from localhub.ids import RepoType
from localhub.web.openapi_reads import Reads, reads

_PART = re.compile(r"{(\w+):(\w+)}")
_MEDIA = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "lines": "application/x-ndjson",
    None: "application/octet-stream",
}
_LINES = {
    "type": "array",
    "description": "One JSON object per line, the header first",
    "items": {
        "type": "object",
        "properties": {
            "key": {"type": "string", "enum": ["header", "file", "lfsFile", "deletedFile", "deletedFolder"]},
            "value": {"type": "object"},
        },
        "required": ["key", "value"],
    },
}
_ERROR = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}


def describe(routes: list[Route]) -> dict[str, Any]:
    """Describe these routes; if two routes match one request, describe the first route, which handles the request."""
    paths: dict[str, dict[str, Any]] = {}
    shapes: dict[str, str] = {}
    for route in routes:
        handler = getattr(route.endpoint, "handler", route.endpoint)
        if handler.__module__.endswith(".unsupported"):
            continue
        for template in _without_prefix(route.path):
            path = _PART.sub(r"{\1}", template)
            path = shapes.setdefault(re.sub(r"{\w+}", "{}", path), path)
            names = re.findall(r"{(\w+)}", path)
            kinds = [kind for _, kind in _PART.findall(template)]
            for method in sorted((route.methods or set()) - {"HEAD"}):
                operation = _operation(route, handler, method, dict(zip(names, kinds, strict=True)))
                paths.setdefault(path, {}).setdefault(method.lower(), operation)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Embedded Hub",
            "version": "1",
            "description": "The requests of the official huggingface.co clients, as this Hub answers them.",
        },
        "paths": paths,
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"token": []}],
    }


def _without_prefix(template: str) -> list[str]:
    """Return the three addresses of a route with a repo type as prefix."""
    if "{type:prefix}" not in template:
        return [template]
    return [template.replace("{type:prefix}", kind.prefix) for kind in RepoType]


def _operation(
    route: Route, handler: Callable[..., Any], method: str, parts: dict[str, str]
) -> dict[str, Any]:
    is_handler = hasattr(route.endpoint, "handler")
    read = reads(handler) if is_handler else Reads()
    summary = (inspect.getdoc(handler) or "").split("\n", 1)[0]
    operation: dict[str, Any] = {
        "summary": summary,
        "tags": [handler.__module__.rsplit(".", 1)[-1]],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": _part_schema(kind)}
            for name, kind in parts.items()
        ]
        + [{"name": name, "in": "query", "schema": schema} for name, schema in read.query.items()],
        "responses": {
            "200": {"description": "Done"},
            "default": {
                "description": "Rejected; X-Error-Message and X-Error-Code say why",
                "content": {"application/json": {"schema": _ERROR}},
            },
        },
    }
    kind = getattr(route.endpoint, "body", None)
    if method != "GET" and (kind is not None or not is_handler):
        content = {_MEDIA[kind]: {"schema": _body_schema(kind, read)}}
        operation["requestBody"] = {"content": content}
    return operation


def _part_schema(kind: str) -> dict[str, Any]:
    if kind == "type":
        return {"type": "string", "enum": [each.plural for each in RepoType]}
    return {"type": "string", "minLength": 1}


def _body_schema(kind: str | None, read: Reads) -> dict[str, Any]:
    if kind in ("json", "form"):
        return {"type": "object", "properties": read.body}
    if kind == "lines":
        return _LINES
    return {"type": "string", "format": "binary"}


async def openapi(request: Request) -> JSONResponse:
    """Return this description of the API."""
    state = request.app.state
    if not hasattr(state, "description"):
        state.description = await run_in_threadpool(describe, request.app.routes)
    return JSONResponse(state.description)


routes = [Route("/openapi.json", openapi)]
