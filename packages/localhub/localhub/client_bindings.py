"""Replace the address of a Hub in modules: in constants, attributes of classes and objects, and default arguments."""

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType, ModuleType
from typing import Any

PUBLIC_ENDPOINT = "https://huggingface.co"

# Names of constants with an address that starts with the endpoint.
_ADDRESSES = {
    "HUB_DATASETS_URL",
    "HUGGINGFACE_CO_URL_TEMPLATE",
    "HUGGINGFACE_CO_URL_HOME",
    "HUGGINGFACE_CO_RESOLVE_ENDPOINT",
    "HUGGINGFACE_CO_PREFIX",
}

# Large packages without any Hub address: three quarters of all modules.
_SKIPPED = sys.stdlib_module_names | {
    *(
        "torch",
        "torchvision",
        "numpy",
        "scipy",
        "sympy",
        "mpmath",
        "pandas",
        "triton",
        "cuda",
        "pyarrow",
        "matplotlib",
    ),
    *("tensorflow", "jax", "jaxlib", "sklearn", "PIL", "_pytest", "pytest"),
}

# Clients that `client_objects` redirects as objects.
_CLIENTS = {"HfApi", "HfFileSystem"}

Change = tuple[Callable[[Any], None], Any]  # a setter, and the previous value


def replace_addresses(
    old: Iterable[str], new: str, modules: Iterable[ModuleType], *, clients: bool = False
) -> list[Change]:
    """Replace every address of the Hubs `old` in some modules with one of the Hub `new`.

    Parameters
    ----------
    old : iterable of str
        Endpoints, without a trailing slash.
    new : str
        The endpoint that replaces them.
    modules : iterable of module
        Modules to search.
    clients : bool
        Also change the endpoint of an ``HfApi`` or ``HfFileSystem`` that has no token.

    Returns
    -------
    list of Change
        The argument for `put_back`.
    """
    wanted = tuple(old)
    changes: list[Change] = []
    try:
        for name, value, put in _places(modules, clients):
            if value.startswith(wanted) and (changed := _moved(name, value, wanted, new)) is not None:
                put(changed)
                changes.append((put, value))
    except BaseException:
        put_back(changes)
        raise
    return changes


def put_back(changes: list[Change]) -> None:
    """Undo `replace_addresses`."""
    for put, value in reversed(changes):
        put(value)


def _moved(name: str, value: str, old: tuple[str, ...], new: str) -> str | None:
    """Return the same address on the other Hub; None for any other text, such as a documentation page's address."""
    start = next(endpoint for endpoint in old if value.startswith(endpoint))
    rest = value[len(start) :]
    is_address = rest in ("", "/") or rest.startswith("/api") or "{" in rest or name in _ADDRESSES
    return new + rest if is_address and rest[:1] in ("", "/") else None


Place = tuple[str, str, Callable[[Any], None]]  # a name, its text, and a setter


def _places(modules: Iterable[ModuleType], clients: bool) -> Iterator[Place]:
    for module in modules:
        name = getattr(module, "__name__", None)
        if type(name) is not str or name.partition(".")[0] in _SKIPPED or name.startswith(_OWN):
            continue
        state = id(module), len(vars(module))
        if clients or _without_addresses.get(name) != state:
            places = list(_in_module(module, name, clients))
            yield from places
            if not (clients or places) and "site-packages" in (getattr(module, "__file__", None) or ""):
                _without_addresses[name] = state


# Modules of installed packages in which no address was found, and their numbers of names. A process may have thousands.
_without_addresses: dict[str, tuple[int, int]] = {}


def _in_module(module: ModuleType, module_name: str, clients: bool) -> Iterator[Place]:
    for name, value in vars(module).copy().items():
        kind = type(value)
        if kind is str:
            if value.startswith("http") and not name.startswith("_HF_DEFAULT"):
                yield name, value, _setter(module, name)
        elif kind is FunctionType:
            if getattr(value, "__module__", None) == module_name:
                yield from _in_function(value)
        elif issubclass(kind, type):
            if getattr(value, "__module__", None) == module_name:
                yield from _in_class(value)
        elif getattr(kind, "__module__", None) not in _PLAIN and kind.__dictoffset__:
            yield from _in_object(value, clients)


_OWN = __name__.rpartition(".")[0]
_PLAIN = {"builtins", "typing", "re", "logging", "functools", "types", "_thread", "collections"}


def _in_class(cls: type) -> Iterator[Place]:
    for name, value in list(vars(cls).items()):
        kind = type(value)
        if kind is str:
            if value.startswith("http"):
                yield name, value, _class_setter(cls, name)
        elif kind is FunctionType:
            yield from _in_function(value)
        elif (kind is classmethod or kind is staticmethod) and type(value.__func__) is FunctionType:
            yield from _in_function(value.__func__)


def _in_function(function: FunctionType) -> Iterator[Place]:
    for number, value in enumerate(function.__defaults__ or ()):
        if type(value) is str and value.startswith("http"):
            yield "", value, _default_setter(function, number)
    if function.__kwdefaults__:
        for name, value in function.__kwdefaults__.copy().items():
            if type(value) is str and value.startswith("http"):
                yield name, value, _key_setter(function.__kwdefaults__, name)


def _in_object(obj: Any, clients: bool) -> Iterator[Place]:
    try:
        attributes = object.__getattribute__(obj, "__dict__")
    except AttributeError:
        return
    is_client = any(base.__name__ in _CLIENTS for base in type(obj).__mro__)
    if type(attributes) is not dict or (is_client and (not clients or attributes.get("token"))):
        return
    for name, value in attributes.copy().items():
        if type(value) is str and value.startswith("http"):
            yield name, value, _key_setter(attributes, name)
        elif is_client and name == "_api":
            yield from _in_object(value, clients)


def _setter(owner: Any, name: str) -> Callable[[Any], None]:
    return lambda value: setattr(owner, name, value)


def _class_setter(cls: type, name: str) -> Callable[[Any], None]:
    def put(value: Any) -> None:
        with contextlib.suppress(AttributeError, TypeError):  # the class is read-only
            setattr(cls, name, value)

    return put


def _key_setter(mapping: dict[str, Any], key: str) -> Callable[[Any], None]:
    return lambda value: mapping.__setitem__(key, value)


def _default_setter(function: FunctionType, number: int) -> Callable[[Any], None]:
    def put(value: Any) -> None:
        defaults = function.__defaults__ or ()
        function.__defaults__ = (*defaults[:number], value, *defaults[number + 1 :])

    return put
