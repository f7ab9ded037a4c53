"""Find what a handler reads from a request by reading its source code, so that the API description always matches the code."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from localhub.web.call import Call

_TYPES = {"str": "string", "bool": "boolean", "int": "integer", "list": "array", "dict": "object"}


@dataclass
class Reads:
    """Query parameters and fields of the body, each with its JSON schema.

    Attributes
    ----------
    query, body : dict of str to dict
    """

    query: dict[str, dict[str, Any]] = field(default_factory=dict)
    body: dict[str, dict[str, Any]] = field(default_factory=dict)


def reads(handler: Callable[..., Any]) -> Reads:
    """Follow a handler, and our functions that it passes its call to."""
    reads = Reads()
    _Reader(reads, set()).follow(handler, {next(iter(inspect.signature(handler).parameters)): _CALL})
    return reads


# The possible values of a parameter, other than a known text: the call itself, and the body it has read.
_CALL, _BODY = object(), object()


class _Reader(ast.NodeVisitor):
    """Reads one function with some known parameters."""

    def __init__(self, reads: Reads, seen: set[Any]):
        self._reads, self._seen = reads, seen
        self._known, self._globals, self._queries = {}, {}, set()

    def follow(self, function: Callable[..., Any], known: dict[str, Any]) -> None:
        """Read a function, once per set of parameters."""
        function = inspect.unwrap(function)
        key = function, *sorted((name, str(value)) for name, value in known.items())
        if key in self._seen or not inspect.isfunction(function):
            return
        self._seen.add(key)
        reader = _Reader(self._reads, self._seen)
        reader._known, reader._globals = known, function.__globals__
        reader.visit(ast.parse(textwrap.dedent(inspect.getsource(function))))

    def visit_Assign(self, node: ast.Assign) -> None:
        """Record other names of the query: ``query = call.request.query_params``, also in a tuple."""
        targets, values = [node.targets[0]], [node.value]
        if isinstance(targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
            targets, values = targets[0].elts, node.value.elts
        for target, value in zip(targets, values, strict=False):
            if isinstance(target, ast.Name) and self._is_query(value):
                self._queries.add(target.id)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Follow a property or method of `Call`, which may also read the request."""
        if self._is_call(node.value):
            member = inspect.getattr_static(Call, node.attr, None)
            function = member.fget if isinstance(member, property) else member
            if node.attr not in _PRIMITIVES and inspect.isfunction(function):
                self.follow(function, {"self": _CALL})
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Handle ``call.field(...)`` and similar, a query's ``get``, and functions that receive the call."""
        function = node.func
        name = self._value(node.args[0]) if node.args else None
        if isinstance(function, ast.Attribute) and isinstance(name, str):
            if self._is_call(function.value) and function.attr in _PRIMITIVES:
                self._note(function.attr, name, node)
            elif function.attr in ("get", "getlist") and self._is_query(function.value):
                self._reads.query.setdefault(name, {"type": "string"})
            elif function.attr == "get" and self._value(function.value) is _BODY:
                self._reads.body.setdefault(name, {})
        target = self._globals.get(function.id) if isinstance(function, ast.Name) else None
        if inspect.isfunction(target):
            names = inspect.signature(target).parameters
            known = {name: self._value(value) for name, value in zip(names, node.args, strict=False)}
            known |= {word.arg: self._value(word.value) for word in node.keywords if word.arg}
            known = {name: value for name, value in known.items() if value is not None}
            if _CALL in known.values() or _BODY in known.values():
                self.follow(target, known)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """Handle ``call.body["name"]``."""
        name = self._value(node.slice)
        if self._value(node.value) is _BODY and isinstance(name, str):
            self._reads.body.setdefault(name, {})
        self.generic_visit(node)

    def _note(self, kind: str, name: str, node: ast.Call) -> None:
        if kind == "field":
            given = node.args[1].id if len(node.args) > 1 and isinstance(node.args[1], ast.Name) else None
            schema = {"type": _TYPES[given], "nullable": True} if given in _TYPES else {}
            self._reads.body[name] = schema
        else:
            types = {"flag": {"type": "boolean"}, "number": {"type": "integer", "minimum": 0}}
            self._reads.query[name] = types.get(kind, {"type": "string"})

    def _value(self, node: ast.AST) -> Any:
        """Return the known value of an expression: a text, the call or the body; None if it is unknown."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Attribute) and node.attr == "body" and self._is_call(node.value):
            return _BODY
        return self._known.get(node.id) if isinstance(node, ast.Name) else None

    def _is_call(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and self._known.get(node.id) is _CALL

    def _is_query(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self._queries
        return isinstance(node, ast.Attribute) and node.attr == "query_params"


_PRIMITIVES = {"query", "flag", "number", "field"}
