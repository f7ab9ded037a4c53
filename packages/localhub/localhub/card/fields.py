"""Generic rules for the fields of a card's metadata: texts, lists, repo ids, objects with certain fields.

A rule takes all the metadata and yields a sentence for each error, which starts with the field in quotes. The sentences
are those of huggingface.co, so a test that expects such a sentence passes with both Hubs.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Rule = Callable[[dict[str, Any]], Iterator[str]]
Kind = type[Any] | tuple[type[Any], ...]  # what `isinstance` accepts

_REPO_ID = re.compile(r"[\w\-.]{1,96}(?:/[\w\-.]{1,96})?", re.ASCII)


def texts(*names: str) -> Rule:
    """Require fields to be lists of texts."""

    def rule(data: dict[str, Any]) -> Iterator[str]:
        for name in names:
            value = data.get(name)
            if value is None:
                continue
            if not isinstance(value, list):
                yield f'"{name}" must be an array'
                continue
            for number, item in enumerate(value):
                yield from _text_problem(item, f'"{name}[{number}]"')

    return rule


def text_or_texts(*names: str) -> Rule:
    """Require fields to be one text or a list of texts."""

    def rule(data: dict[str, Any]) -> Iterator[str]:
        for name in names:
            for place, value in items(data, name):
                yield from _text_problem(value, place)

    return rule


def text(*names: str) -> Rule:
    """Require fields to be one text."""

    def rule(data: dict[str, Any]) -> Iterator[str]:
        for name in names:
            if data.get(name) is not None and not isinstance(data[name], str):
                yield f'"{name}" must be a string'

    return rule


def arrays(*names: str, of: str = "any") -> Rule:
    """Require fields to be lists, of values of any or one JSON type."""

    def rule(data: dict[str, Any]) -> Iterator[str]:
        for name in names:
            value = data.get(name)
            if value is not None and not isinstance(value, list):
                yield f'"{name}" must be an array'
            for number, item in enumerate(value if isinstance(value, list) else []):
                if not isinstance(item, _TYPES[of]):
                    yield f'"{name}[{number}]" {_must_be(_TYPES[of])}'

    return rule


def objects(*names: str) -> Rule:
    """Require fields to be mappings."""
    return _of_type(dict, names)


def flags(*names: str) -> Rule:
    """Require fields to be true or false."""
    return _of_type(bool, names)


def repo_ids(*names: str, of: str = "model") -> Rule:
    """Require fields to name repos of one type: one or a list."""

    def rule(data: dict[str, Any]) -> Iterator[str]:
        for name in names:
            for place, value in items(data, name):
                if not isinstance(value, str) or not value.strip():
                    yield from _text_problem(value, place)
                elif not _REPO_ID.fullmatch(value):
                    yield f'{place} with value "{value}" is not valid. Use a {of} id from https://hf.co/{of}s.'

    return rule


def one_of(name: str, choices: Iterable[str]) -> Rule:
    """Require a field to have one of a few values."""

    def rule(data: dict[str, Any]) -> Iterator[str]:
        value = data.get(name)
        if value is not None and value not in choices:
            yield f'"{name}" must be one of [{", ".join(choices)}]'

    return rule


def items(data: dict[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    """Yield each value of a field that holds one or a list, with its place for messages."""
    value = data.get(name)
    if isinstance(value, list):
        yield from ((f'"{name}[{number}]"', item) for number, item in enumerate(value))
    elif value is not None:
        yield f'"{name}"', value


def required(item: Any, at: str, /, **fields: Kind) -> Iterator[str]:
    """Check the fields that an object must have, and their types."""
    if not isinstance(item, dict):
        yield f'"{at}" {_must_be(dict)}'
        return
    for name in fields:
        if item.get(name) is None:
            yield f'"{at}.{name}" is required'
    yield from optional(item, at, **fields)


def optional(item: dict[str, Any], at: str, /, **fields: Kind) -> Iterator[str]:
    """Check the types of an object's optional fields."""
    for name, kind in fields.items():
        field = item.get(name)
        if field is not None and not isinstance(field, kind):
            yield f'"{at}.{name}" {_must_be(kind)}'


def is_in(value: Any, words: frozenset[str]) -> bool:
    """Return whether a value, of any type, is one of these words."""
    return isinstance(value, str) and value in words


def _of_type(kind: type, names: tuple[str, ...]) -> Rule:
    def rule(data: dict[str, Any]) -> Iterator[str]:
        for name in names:
            if data.get(name) is not None and not isinstance(data[name], kind):
                yield f'"{name}" {_must_be(kind)}'

    return rule


_TYPES = {"any": object, "object": dict, "string": str}
_JSON_NAMES = {
    str: "a string",
    list: "an array",
    dict: "of type object",
    bool: "a boolean",
    int: "a number",
    float: "a number",
}


def _must_be(kind: type | tuple[type, ...]) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return f"must be {' or '.join(dict.fromkeys(_JSON_NAMES[kind] for kind in kinds))}"


def _text_problem(value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{place} must be a string"
    elif not value.strip():
        yield f"{place} is not allowed to be empty"
