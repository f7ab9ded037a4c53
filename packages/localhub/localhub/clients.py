"""Make the official clients in this process use another Hub, even if they are already imported."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from localhub import caches
from localhub.client_bindings import PUBLIC_ENDPOINT, put_back, replace_addresses
from localhub.client_objects import point_objects_at
from localhub.loopback_only import stay_on_loopback


def environment(endpoint: str, token: str) -> dict[str, str]:
    """Return environment variables that make an unmodified client use only this Hub."""
    loopback = "127.0.0.1,localhost,::1"
    proxied = os.environ.get("NO_PROXY") or os.environ.get("no_proxy")
    no_proxy = f"{proxied},{loopback}" if proxied else loopback
    return {
        "HF_ENDPOINT": endpoint,
        "HF_TOKEN": token,
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_OFFLINE": "0",
        "HF_DATASETS_OFFLINE": "0",
        "HUGGINGFACE_CO_STAGING": "0",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_UPDATE_DOWNLOAD_COUNTS": "0",
        "DISABLE_SAFETENSORS_CONVERSION": "1",
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
        # The datasets library requests the host datasets-server.<the Hub's host>. As its proxy, the Hub answers
        # that this host does not exist.
        "http_proxy": endpoint,
        "HTTP_PROXY": endpoint,
    }


def point_clients_at(
    endpoint: str, token: str, home: Path, *, allowed_hosts: Iterable[str] = ()
) -> Callable[[], None]:
    """Set the environment, redirect the clients that are already imported, and block all other hosts.

    Parameters
    ----------
    endpoint, token : str
        The Hub and the token for it.
    home : path
        Where the clients keep their caches and stored tokens in the meantime.
    allowed_hosts : iterable of str
        Other hosts that this process can reach.

    Returns
    -------
    callable
        Restores everything, including modules that were first imported in the meantime.
    """
    variables = environment(endpoint, token) | caches.variables(home) | dict.fromkeys(_PROXIES)
    before = {name: os.environ.get(name) for name in variables}
    old_endpoint = _endpoint_now()
    old_flags = {key: getattr(sys.modules[key[0]], key[1], None) for key in _FLAGS if key[0] in sys.modules}
    modules = _modules()
    # Undone if a step fails, or at the end, in reverse order.
    with ExitStack() as undo:
        undo.callback(_forget_connections)
        undo.callback(_put_flags_back, old_flags)
        undo.callback(_repoint_new_modules, modules, endpoint, old_endpoint)
        undo.callback(caches.move_to(home))
        undo.callback(_set_environment, before)
        _set_environment(variables)
        changes = replace_addresses({old_endpoint, PUBLIC_ENDPOINT}, endpoint, modules.values())
        undo.callback(put_back, changes)
        undo.callback(_trust, endpoint, old_endpoint)
        _trust(old_endpoint, endpoint)
        undo.callback(point_objects_at(endpoint, token))
        _set_flags(_FLAGS)
        _forget_connections()
        undo.callback(stay_on_loopback(endpoint, allowed_hosts))
        return undo.pop_all().close


_PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")

# Values that the clients read once from the environment, and their values while a Hub runs here.
_FLAGS = {
    ("huggingface_hub.constants", "HF_HUB_DISABLE_XET"): True,
    ("huggingface_hub.constants", "HF_HUB_DISABLE_TELEMETRY"): True,
    ("huggingface_hub.constants", "HF_HUB_DISABLE_UPDATE_CHECK"): True,
    ("huggingface_hub.constants", "HF_HUB_OFFLINE"): False,
    ("datasets.config", "HF_HUB_OFFLINE"): False,
    ("datasets.config", "HF_UPDATE_DOWNLOAD_COUNTS"): False,
    (
        "datasets.config",
        "USE_PARQUET_EXPORT",
    ): False,  # otherwise it requests the host datasets-server.<the Hub's host>
}


def _endpoint_now() -> str:
    constants = sys.modules.get("huggingface_hub.constants")
    return constants.ENDPOINT if constants else os.environ.get("HF_ENDPOINT", PUBLIC_ENDPOINT).rstrip("/")


def _modules() -> dict[str, ModuleType]:
    return {name: module for name, module in sys.modules.copy().items() if isinstance(module, ModuleType)}


def _repoint_new_modules(known: dict[str, ModuleType], endpoint: str, old: str) -> None:
    """Set the original addresses in modules that were first imported while the Hub ran."""
    new = [module for name, module in _modules().items() if known.get(name) is not module]
    replace_addresses([endpoint], old, new, clients=True)


def _trust(old: str, new: str) -> None:
    """Replace the hosts that may receive the token when a download is redirected."""
    _swap("huggingface_hub.constants", "HF_URL_HOSTS", urlsplit(old).hostname, urlsplit(new).hostname)
    _swap("huggingface_hub.utils._http", "_HUB_ORIGINS", _origin(old), _origin(new))


def _swap(module_name: str, name: str, old: Any, new: Any) -> None:
    values = getattr(sys.modules.get(module_name), name, None)
    if isinstance(values, frozenset):
        setattr(sys.modules[module_name], name, (values - {old}) | {new})


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _set_flags(flags: dict[tuple[str, str], Any]) -> None:
    for (module_name, name), value in flags.items():
        module = sys.modules.get(module_name)
        if module is not None and hasattr(module, name):
            setattr(module, name, value)


def _put_flags_back(flags: dict[tuple[str, str], Any]) -> None:
    """Restore the previous values; modules imported since get the value from the environment."""
    _set_flags({key: flags.get(key, _flag_of_environment(key[1])) for key in _FLAGS})


def _set_environment(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _flag_of_environment(name: str) -> bool:
    default = "1" if name in {"HF_UPDATE_DOWNLOAD_COUNTS", "USE_PARQUET_EXPORT"} else "0"
    return os.environ.get(name, default).upper() in {"1", "ON", "YES", "TRUE", "AUTO"}


def _forget_connections() -> None:
    """Drop connections to other hosts (new ones cost 30 ms), and file systems, which cache listings."""
    http = sys.modules.get("huggingface_hub.utils._http")
    if http and (getproxies() or _has_other_connections(http)):
        http.close_session()
    if file_system := sys.modules.get("huggingface_hub.hf_file_system"):
        file_system.HfFileSystem.clear_instance_cache()


def _has_other_connections(http: ModuleType) -> bool:
    client = getattr(http, "_GLOBAL_CLIENT", None)
    try:
        return client is not None and any(
            "127.0.0.1" not in repr(each) for each in client._transport._pool.connections
        )
    except AttributeError:  # another transport, which has no such fields
        return True
