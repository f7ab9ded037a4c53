"""Limits on YAML: depth, aliases, merge keys and values are counted before the parser builds anything.

They are counted in a stream of events, which needs no recursion.
"""

from typing import Any

import yaml

MAX_DEPTH = 64
MAX_VALUES = 100_000  # keys and values, including repetitions through aliases
MAX_ALIASES = 1000
MAX_MERGES = 100


class TooMuchError(Exception):
    """The text exceeds a limit or has a duplicate key."""


class _Open:
    """A mapping or a list that is still open."""

    def __init__(self, anchor: str | None, is_mapping: bool):
        self.anchor = anchor
        self.keys: set[str] | None = set() if is_mapping else None
        self.expects_key = is_mapping
        self.values = 1


def check_yaml(text: str, loader: type) -> None:
    """Check that a text is safe to load.

    Parameters
    ----------
    text : str
        The text. Bound its length first.
    loader : type
        The PyYAML loader that will read it.

    Raises
    ------
    TooMuchError
        With the place of the error.
    yaml.YAMLError
        If it is not YAML.
    """
    anchors: dict[str, int] = {}  # how many values each one expands to
    path = [_Open(None, is_mapping=False)]
    aliases = merges = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionEndEvent):
            done = path.pop()
            if done.anchor:
                anchors[done.anchor] = done.values
            _add(path[-1], done.values, event)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(path) > MAX_DEPTH:
                raise TooMuchError(_at(event, f"it has more than {MAX_DEPTH} levels of nesting"))
            _is_key(path[-1], None, event)
            if event.anchor:
                anchors[event.anchor] = MAX_VALUES  # until its end, because it must not contain itself
            path.append(_Open(event.anchor, isinstance(event, yaml.MappingStartEvent)))
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
            if aliases > MAX_ALIASES:
                raise TooMuchError(_at(event, f"it has more than {MAX_ALIASES} aliases"))
            _is_key(path[-1], None, event)
            _add(path[-1], anchors.get(event.anchor or "", 1), event)
        elif isinstance(event, yaml.ScalarEvent):
            if event.anchor:
                anchors[event.anchor] = 1
            if _is_key(path[-1], event.value, event) and event.value == "<<":
                merges += 1
                if merges > MAX_MERGES:
                    raise TooMuchError(_at(event, f"it has more than {MAX_MERGES} merge keys"))
            _add(path[-1], 1, event)


def _add(to: _Open, values: int, event: Any) -> None:
    to.values += values
    if to.values > MAX_VALUES:
        raise TooMuchError(_at(event, f"it has more than {MAX_VALUES} values"))


def _is_key(where: _Open, text: str | None, event: Any) -> bool:
    """Return whether a key comes next; a text (except a merge) may be a key only once."""
    is_key = where.expects_key
    if where.keys is not None:
        where.expects_key = not is_key
    if not is_key or text is None or text == "<<" or where.keys is None:
        return is_key
    if text in where.keys:
        raise TooMuchError(_at(event, f"duplicated mapping key {text!r}"))
    where.keys.add(text)
    return True


def _at(event: Any, problem: str) -> str:
    mark = event.start_mark
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}"
