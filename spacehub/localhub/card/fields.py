"""Rules for the fields of a card's metadata, whatever they mean: texts, lists, repo ids, objects with certain fields.

A rule takes the whole metadata and yields a sentence for each fault, with the field first, in quotes.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

Rule = Callable[[dict[str, Any]], Iterator[str]]

_REPO_ID = re.compile(r"[\w\-.]{1,96}(?:/[\w\-.]{1,96})?", re.ASCII)


def texts(*names: str) -> Rule:
    """Fields that are a list of texts."""

    def rule(data: dict) -> Iterator[str]:
        for name in names:
            value = data.get(name)
            if value is None:
                continue
            if not isinstance(value, list):
                yield f'"{name}" must be an array'
                continue
            for number, item in enumerate(value):
                if not isinstance(item, str) or not item.strip():
                    yield f'"{name}[{number}]" must be a string that is not empty, not {item!r}'

    return rule


def text_or_texts(*names: str) -> Rule:
    """Fields that are one text or a list of texts."""

    def rule(data: dict) -> Iterator[str]:
        for name in names:
            for place, value in items(data, name):
                if not isinstance(value, str) or not value.strip():
                    yield f"{place} must be a string that is not empty, not {value!r}"

    return rule


def text(*names: str) -> Rule:
    """Fields that are one text."""

    def rule(data: dict) -> Iterator[str]:
        for name in names:
            if data.get(name) is not None and not isinstance(data[name], str):
                yield f'"{name}" must be a string, not {data[name]!r}'

    return rule


def repo_ids(*names: str) -> Rule:
    """Fields that name repos: one or a list."""

    def rule(data: dict) -> Iterator[str]:
        for name in names:
            for place, value in items(data, name):
                if not isinstance(value, str) or not _REPO_ID.fullmatch(value):
                    yield f"{place} with value {value!r} is not valid: use the id of a repo on the Hub"

    return rule


def one_of(name: str, choices) -> Rule:
    """A field with one of few values."""

    def rule(data: dict) -> Iterator[str]:
        value = data.get(name)
        if value is not None and value not in choices:
            yield f'"{name}" must be one of {", ".join(choices)}, not {value!r}'

    return rule


def items(data: dict, name: str) -> Iterator[tuple[str, Any]]:
    """Each value of a field that holds one or a list, with its place for messages."""
    value = data.get(name)
    if isinstance(value, list):
        yield from ((f'"{name}[{number}]"', item) for number, item in enumerate(value))
    elif value is not None:
        yield f'"{name}"', value


def required(item: Any, at: str, /, **fields) -> Iterator[str]:
    """Fields that an object must have, and their types."""
    if not isinstance(item, dict):
        yield f'"{at}" must be an object'
        return
    for name, kind in fields.items():
        field = item.get(name)
        if field is None:
            yield f'"{at}.{name}" is required'
        elif not isinstance(field, kind):
            kinds = kind if isinstance(kind, tuple) else (kind,)
            yield f'"{at}.{name}" must be of type {" or ".join(_JSON_NAMES[one] for one in kinds)}'


_JSON_NAMES = {str: "string", list: "array", dict: "object", object: "any"}


def is_in(value: Any, words: frozenset[str]) -> bool:
    """Whether a value is one of these words; it may be of any type."""
    return isinstance(value, str) and value in words
