"""Alias of the embedded Hub's package: ``spacehub.localhub.X`` and ``localhub.X`` are the same module."""

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import localhub

_PREFIX = f"{__name__}."


class _Alias(MetaPathFinder, Loader):
    """Import ``spacehub.localhub.X`` by importing ``localhub.X``."""

    def find_spec(self, name: str, path: Sequence[str] | None, target=None) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name.startswith(_PREFIX) else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(f"localhub.{spec.name.removeprefix(_PREFIX)}")
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Restore the original spec of the module after it has been executed."""
        module.__spec__ = module.__spec__.loader_state


if __name__ == "__main__":
    importlib.import_module("localhub.commands").main()
else:
    sys.meta_path.insert(0, _Alias())
    sys.modules[__name__] = localhub
