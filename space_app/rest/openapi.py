"""Build the OpenAPI document from the operations' own definitions."""

import functools
import inspect
import types
import typing
from collections.abc import Mapping
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

from space_app import parameters
from space_app.parameters import MISSING, Definition, List
from space_app.rest import problems
from space_app.rest.operations import OPERATIONS, Operation

VERSION = "1.0"
TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
PROBLEMS = {
    400: "The request body cannot be read.",
    408: "The request body did not arrive in time.",
    411: "The request has no `Content-Length` header.",
    413: "The request body is too large.",
    415: "The request body has an unsupported type.",
    422: "A field has an error; `errors` names it.",
    429: "You have sent too many requests, or too many requests are waiting. The `Retry-After` header gives the number of "
    "seconds to wait.",
    500: "The request failed because of an internal error.",
    503: "The model is not published yet, or cannot answer.",
}
# Errors that only one kind of body can cause.
OF_JSON, OF_FILES = {415}, {411}


@functools.cache
def document() -> dict:
    """Return the document (OpenAPI 3.1)."""
    schemas: dict[str, dict] = {"Problem": problems.SCHEMA}
    paths = {f"/{operation.path}": {"post": _operation(operation, schemas)} for operation in OPERATIONS}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SpaceHub",
            "version": VERSION,
            "description": "The models of this app as an HTTP API: each request gets one JSON response.",
        },
        # Relative to this document, so that it also works behind a proxy's prefix.
        "servers": [{"url": "."}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(operation: Operation, schemas: dict) -> dict:
    problem = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses = {"200": {"description": "The answer.", "content": _json(_schema(operation.answer, schemas))}}
    responses |= {
        str(status): {"description": words, "content": problem} | _headers(status)
        for status, words in PROBLEMS.items()
        if status not in (OF_JSON if operation.file else OF_FILES)
    }
    return {
        "operationId": operation.path,
        "summary": operation.summary.partition(". ")[0].rstrip(".") + ".",
        "description": operation.summary,
        "requestBody": {"required": True, "content": _body(operation)},
        "responses": responses,
    }


def _headers(status: int) -> dict:
    if status not in (429, 503):
        return {}
    return {"headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}}


def _body(operation: Operation) -> dict:
    known = parameters.of(operation.values)
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, each in known.items() if each.default is MISSING],
        "properties": {name: _property(each) for name, each in known.items()},
    }
    if not operation.file:
        return _json(schema)
    binary = {"type": "string", "contentMediaType": "application/octet-stream"}
    schema["properties"][operation.file] |= binary
    return {
        "multipart/form-data": {"schema": schema},
        "application/octet-stream": {"schema": binary},
    }


def _property(parameter: Definition) -> dict:
    schema = _schema(parameter.hint, {}) | parameter.kind.schema | {"description": parameter.kind.describe()}
    if isinstance(parameter.kind, List):
        schema["items"] = schema.get("items", {}) | parameter.kind.each.schema
    if "enum" in schema and parameter.optional:
        schema["enum"] = [*schema["enum"], None]
    if parameter.default is not MISSING:
        schema["default"] = parameter.default
    return schema


def _json(schema: Mapping) -> dict:
    return {"application/json": {"schema": schema}}


def _schema(hint: Any, schemas: dict) -> dict:
    """Return the JSON schema of a type hint; the schema of a `TypedDict` is added to `schemas` under its own name."""
    if hint in TYPES:
        return {"type": TYPES[hint]}
    if is_typeddict(hint):
        name = f"{hint.__module__.split('.')[1].capitalize()}{hint.__name__}"
        if name not in schemas:
            schemas[name] = {}  # before its parts, which may refer to it
            hints = get_type_hints(hint)
            described = " ".join((inspect.getdoc(hint) or "").split())
            schemas[name] = {
                "type": "object",
                "description": described,
                "required": list(hints),
                "properties": {key: _schema(part, schemas) for key, part in hints.items()},
            }
        return {"$ref": f"#/components/schemas/{name}"}
    inside = get_args(hint)
    if get_origin(hint) is list:
        return {"type": "array", "items": _schema(inside[0], schemas)}
    if get_origin(hint) is dict:
        return {"type": "object", "additionalProperties": _schema(inside[1], schemas)}
    if get_origin(hint) in (types.UnionType, typing.Union):
        part_schemas = [_schema(part, schemas) for part in inside if part is not types.NoneType]
        plain = [part["type"] for part in part_schemas if set(part) == {"type"}]
        if len(plain) == len(part_schemas):
            return {"type": [*plain, "null"]}
        return {"anyOf": [*part_schemas, {"type": "null"}]}
    return {}
