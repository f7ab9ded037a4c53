"""The YAML block at the top of a README.md, read as the Hub reads it."""

import re
from typing import Any

import yaml

MAX_BYTES = 1 << 20
MAX_VALUES = 100_000

# A line of three dashes, the block, a line of three dashes; a byte order mark and blank lines before it do no harm.
_BLOCK = re.compile(
    r"\A\ufeff?(?:\s*\n)?---[ \t]*\r?\n(.*?)(?:\r?\n)?^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)


class FrontMatterError(Exception):
    """The block is not YAML, or not a mapping."""


def split(text: str) -> tuple[str | None, str]:
    """The block (None if there is none) and the text after it."""
    match = _BLOCK.match(text)
    return (match[1], text[match.end() :]) if match else (None, text)


def load(block: str) -> dict[str, Any]:
    """The block as plain JSON values; an empty one is an empty mapping.

    Raises
    ------
    FrontMatterError
        With the place of the fault.
    """
    if len(block) > MAX_BYTES:
        raise FrontMatterError("The metadata is longer than 1 MiB")
    try:
        value = yaml.load(block, Loader=_Loader)
    except yaml.YAMLError as error:
        raise FrontMatterError(" ".join(str(error).split())) from error
    except RecursionError as error:
        raise FrontMatterError("The metadata is nested too deeply") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FrontMatterError("The metadata must be a mapping of keys to values")
    return _Plain().of(value)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML 1.2 where 1.1 surprises: ``no`` is Norwegian, not false; a date stays text; a key stands once."""

    def construct_mapping(self, node, deep=False):
        """Refuse a key that stands twice."""
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode) and key.value != "<<"]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"duplicated mapping key {key!r}", node.start_mark
                )
        return super().construct_mapping(node, deep)


_REPLACED = {f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "timestamp")}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _REPLACED]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*|0x[0-9a-fA-F]+)$"), list("-+0123456789")
)


class _Plain:
    """Copies YAML values to JSON values, and stops where aliases would blow them up."""

    def __init__(self):
        self._count = 0

    def of(self, value: Any) -> Any:
        self._count += 1
        if self._count > MAX_VALUES:
            raise FrontMatterError(f"The metadata holds more than {MAX_VALUES} values")
        if isinstance(value, dict):
            return {str(key): self.of(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set):
            return [self.of(item) for item in value]
        if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
            return str(value)
        return value if value is None or isinstance(value, bool | int | float | str) else str(value)
