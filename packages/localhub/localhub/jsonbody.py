"""Parse JSON from a request: an object, in valid Unicode."""

import json
from typing import Any

from localhub import bounded
from localhub.errors import HubError


def parse_object(data: bytes, what: str) -> dict[str, Any]:
    """Parse a JSON object.

    Parameters
    ----------
    data : bytes
        UTF-8 text.
    what : str
        What the error message calls the text.

    Raises
    ------
    HubError
        400 if `data` is anything else, or contains half a surrogate pair, which no path or name can contain.
    """
    try:
        value = bounded.loads(data)
        if b"\\ud" in data.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except bounded.TooMuchError as error:
        raise HubError(400, f"{what} is too large. {error}") from error
    except (ValueError, RecursionError) as error:
        raise HubError(400, f"{what} is not valid JSON.") from error
    if not isinstance(value, dict):
        raise HubError(400, f"{what} must be a JSON object.")
    return value
