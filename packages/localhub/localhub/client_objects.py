"""Redirect clients that were created before a Hub started in this process, so that they use it while it runs.

An ``HfApi()`` or ``HfFileSystem()`` stores its endpoint, its token and its listings. The library under test may keep such an
object in a module, a class, a default argument or a closure. So this module changes the classes, not the objects. While a
Hub runs, the class provides these attributes, and the objects keep their own values.
"""

import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

_MISSING = object()

# Classes, and the attributes that their objects remember: endpoint, token, and dicts of responses.
_CLASSES = {
    ("huggingface_hub.hf_api", "HfApi"): ("endpoint", "token", "_whoami_cache"),
    ("huggingface_hub.hf_file_system", "HfFileSystem"): (
        "endpoint",
        "token",
        "dircache",
        "_repo_and_revision_exists_cache",
        "_bucket_exists_cache",
    ),
}


class _Block:
    """A Hub that runs in this process, and the attributes that the objects of this process have while it runs."""

    def __init__(self, endpoint: str, token: str):
        self.endpoint = endpoint
        self.token = token
        self.created: dict[int, weakref.ref[Any]] = {}  # objects that keep their own values, by id
        self._values: dict[tuple[int, str], Any] = {}  # attributes of older objects

    def watch(self, obj: Any) -> None:
        """Remember that an object was created here, for as long as it exists."""
        number = id(obj)
        self.created[number] = weakref.ref(obj, lambda _: self.created.pop(number, None))

    def get(self, obj: Any, name: str, own: Any) -> Any:
        """Return the value that replaces an older object's own value."""
        value = self._values.get((id(obj), name), _MISSING)
        if value is not _MISSING:
            return value
        if name == "endpoint":
            return self.endpoint
        if name == "token":
            return own if own is False else self.token  # False means anonymous
        return self._values.setdefault((id(obj), name), {})

    def set(self, obj: Any, name: str, value: Any) -> None:
        """Set an older object's attribute for this Hub."""
        self._values[id(obj), name] = value


_blocks: list[_Block] = []
_lock = threading.Lock()


class _Attribute:
    """A data descriptor: Python calls it before it looks into the object."""

    def __init__(self, name: str):
        self._name = name

    def __get__(self, obj: Any, owner: type | None = None) -> Any:
        own = _MISSING if obj is None else obj.__dict__.get(self._name, _MISSING)
        if own is _MISSING:
            raise AttributeError(self._name)
        blocks = list(_blocks)
        return own if not blocks or _is_ours(obj, blocks) else blocks[-1].get(obj, self._name, own)

    def __set__(self, obj: Any, value: Any) -> None:
        blocks = list(_blocks)
        new = self._name not in obj.__dict__
        if blocks and new and self._name == "endpoint":
            blocks[-1].watch(obj)
        if not blocks or new or _is_ours(obj, blocks):
            obj.__dict__[self._name] = value
        else:
            blocks[-1].set(obj, self._name, value)

    def __delete__(self, obj: Any) -> None:
        obj.__dict__.pop(self._name, None)


def _is_ours(obj: Any, blocks: list[_Block]) -> bool:
    """Return whether an object was created while one of these Hubs ran, or is a copy of such an object."""
    created = any(id(obj) in block.created for block in blocks)
    return created or any(obj.__dict__.get("endpoint") == block.endpoint for block in blocks)


def point_objects_at(endpoint: str, token: str) -> Callable[[], None]:
    """Make every existing client use a Hub. Clients that are created later keep the endpoint that they are given.

    Returns
    -------
    callable
        Undoes this, and removes what the clients have cached about this Hub's repos.
    """
    block = _Block(endpoint, token)
    with _lock:
        _blocks.append(block)
        for cls, attribute in _attributes():
            if not isinstance(vars(cls).get(attribute), _Attribute):
                setattr(cls, attribute, _Attribute(attribute))

    def restore() -> None:
        with _lock:
            _blocks.remove(block)
            for cls, attribute in _attributes():
                if not _blocks and isinstance(vars(cls).get(attribute), _Attribute):
                    delattr(cls, attribute)

    return restore


def _attributes() -> Iterator[tuple[type, str]]:
    for (module, name), attributes in _CLASSES.items():
        if cls := getattr(sys.modules.get(module), name, None):
            yield from ((cls, attribute) for attribute in attributes)
