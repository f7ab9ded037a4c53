"""Import a model's proof only when it is used: it needs PyTorch or Matplotlib, and most commands do not use it."""

import importlib
from collections.abc import Callable

NAMES = ("declared", "prove")


def from_proof(package: str) -> Callable[[str], object]:
    """Return a module's ``__getattr__`` that takes `declared` and `prove` from the module ``proof`` of `package`."""

    def get(name: str) -> object:
        if name in NAMES:
            return getattr(importlib.import_module(f"{package}.proof"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return get
