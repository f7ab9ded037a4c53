"""Read an untrusted ``tokenizer.json``, but only if no part of it can stall, such as a backtracking pattern."""

import json
from pathlib import Path

from tokenizers import Tokenizer

LARGEST = 2**24  # bytes
PARTS = ("normalizer", "pre_tokenizer", "post_processor", "decoder")
DEEPEST = 16


def read(path: Path) -> Tokenizer:
    """Read a tokenizer.

    Raises
    ------
    OSError, ValueError, tokenizers' exceptions
        If the file is too large, has a regular expression, or is not as expected.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise ValueError(f"{path.name} is {size:,} bytes, but the limit is {LARGEST:,} bytes.")
    text = path.read_text(encoding="utf-8")
    try:
        settings = json.loads(text)
    except RecursionError:
        raise ValueError(f"{path.name} is nested too deeply.") from None
    if not isinstance(settings, dict):
        raise ValueError(f"{path.name} is not a JSON object.")
    for part in PARTS:
        _refuse_patterns(settings.get(part), part, DEEPEST)
    return Tokenizer.from_str(text)


def _refuse_patterns(value: object, part: str, depth: int) -> None:
    """Reject regular expressions: the library's can take time exponential in a text's length."""
    if depth == 0:
        raise ValueError(f"The {part} of tokenizer.json is nested too deeply.")
    if isinstance(value, dict):
        if "Regex" in value:
            raise ValueError(
                f"The {part} of tokenizer.json contains a regular expression. Regular expressions are not supported, "
                "because they can be too slow on some inputs."
            )
        value = list(value.values())
    if isinstance(value, list):
        for element in value:
            _refuse_patterns(element, part, depth - 1)
