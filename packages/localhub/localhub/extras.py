"""Parts of the embedded Hub that need an extra of this package, such as ``localhub[pages]``."""

from functools import cache
from importlib.util import find_spec

from localhub.errors import HubError

_MODULES = {
    "inference": ("numpy", "onnxruntime", "PIL", "tokenizers"),
    "pages": ("jinja2", "markdown_it", "nh3"),
    "viewer": ("pyarrow",),
    "xet": ("blake3", "lz4"),
}


@cache
def has(extra: str) -> bool:
    """Return whether the libraries of an extra are installed."""
    return all(find_spec(name) for name in _MODULES[extra])


def need(extra: str, part: str) -> None:
    """Check that an extra is installed.

    Raises
    ------
    HubError
        501 if the extra is not installed. The message says how to install the extra, and begins with `part`:
        "The dataset viewer".
    """
    if not has(extra):
        raise HubError(
            501,
            f"{part} requires additional libraries. To install them, run: pip install 'localhub[{extra}]'",
        )
