"""Read the YAML block at the top of a README.md in the same way as huggingface.co."""

import re
import threading
from contextlib import nullcontext
from typing import Any

import yaml

from localhub.card.limits import TooMuchError, check_yaml

MAX_BYTES = 1 << 20
LARGE_BYTES = 1 << 16
NUMBER_BITS = 1024  # larger than any float

_ONE_LARGE = threading.Lock()  # parsing a large block takes a hundred times its length: one at a time

# A line of three dashes, the block, a line of three dashes; a byte order mark and blank lines may precede it.
_BLOCK = re.compile(
    r"\A\ufeff?(?:\s*\n)?---[ \t]*\r?\n(.*?)(?:\r?\n)?^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)


class FrontMatterError(Exception):
    """The block is not YAML, or not a mapping."""


def split(text: str) -> tuple[str | None, str]:
    """Split a card into its block (None if it has none) and the text after it."""
    match = _BLOCK.match(text)
    return (match[1], text[match.end() :]) if match else (None, text)


def load(block: str) -> dict[str, Any]:
    """Return the block as plain JSON values; for an empty block, an empty mapping.

    Raises
    ------
    FrontMatterError
        With the place of the error.
    """
    if len(block) > MAX_BYTES:
        raise FrontMatterError("The metadata is longer than 1 MiB")
    try:
        with _ONE_LARGE if len(block) > LARGE_BYTES else nullcontext():
            check_yaml(block, _Loader)
            value = yaml.load(block, Loader=_Loader)
    except TooMuchError as error:
        raise FrontMatterError(str(error)) from error
    except yaml.YAMLError as error:
        raise FrontMatterError(" ".join(str(error).split())) from error
    except (ValueError, RecursionError) as error:  # for example a number with thousands of digits
        raise FrontMatterError(str(error)) from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FrontMatterError("The metadata must be a mapping of keys to values")
    return _plain(value)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """A YAML loader that follows YAML 1.2 in two cases: ``no`` is a text (Norwegian), not false, and a date stays a text."""


_REPLACED = {f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "timestamp")}
_RESOLVERS = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _REPLACED]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
setattr(_Loader, "yaml_implicit_resolvers", _RESOLVERS)  # noqa: B010  # the stubs make it an instance's
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*|0x[0-9a-fA-F]+)$"), list("-+0123456789")
)


def _plain(value: Any) -> Any:
    """Return a copy of YAML values as JSON values."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    if isinstance(value, int) and value.bit_length() > NUMBER_BITS:
        raise FrontMatterError("The metadata has a number that is too large")
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
