"""Point the official clients in this process at another Hub, also where they were imported already."""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from spacehub.localhub import caches


def environment(endpoint: str, token: str) -> dict[str, str]:
    """Environment variables under which a stock client talks to this Hub, and to nothing else."""
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
    }


def point_clients_at(endpoint: str, token: str, home: Path) -> Callable[[], None]:
    """Set the environment and repoint the clients that are imported already.

    Parameters
    ----------
    endpoint, token : str
        The Hub and who we are there.
    home : path
        Where the clients keep their caches and stored tokens meanwhile.

    Returns
    -------
    callable
        Puts everything back, also in modules that were first imported in between.
    """
    variables = environment(endpoint, token) | caches.variables(home)
    before = {name: os.environ.get(name) for name in variables}
    old_endpoint = _endpoint_now()
    old_flags = {key: getattr(sys.modules[key[0]], key[1], None) for key in _FLAGS if key[0] in sys.modules}
    # What is put back when a step fails, or at the end: last things first.
    with ExitStack() as undo:
        undo.callback(_forget_connections)
        undo.callback(_put_flags_back, old_flags)
        undo.callback(_replace_endpoint, endpoint, old_endpoint)
        undo.callback(caches.move_to(home))
        undo.callback(_put_environment_back, before)
        os.environ.update(variables)
        _replace_endpoint(old_endpoint, endpoint)
        _set_flags(_FLAGS)
        _forget_connections()
        return undo.pop_all().close


PUBLIC_ENDPOINT = "https://huggingface.co"

# Names under which the clients keep the endpoint, or an address that begins with it, at module level.
_ADDRESSES = {
    "ENDPOINT",
    "HF_ENDPOINT",
    "HUB_DATASETS_URL",
    "HUGGINGFACE_CO_URL_TEMPLATE",
    "HUGGINGFACE_CO_URL_HOME",
    "HUGGINGFACE_CO_RESOLVE_ENDPOINT",
    "HUGGINGFACE_CO_PREFIX",
}

# What the clients read from the environment once, and what it is while a Hub runs here.
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
    ): False,  # else it asks for a host named datasets-server.<the Hub's>
}


def _endpoint_now() -> str:
    constants = sys.modules.get("huggingface_hub.constants")
    return constants.ENDPOINT if constants else os.environ.get("HF_ENDPOINT", PUBLIC_ENDPOINT).rstrip("/")


def _replace_endpoint(old: str, new: str) -> None:
    """Change every address and every module-level HfApi of the clients that are imported by now."""
    for module_name, module in sys.modules.copy().items():
        if module is None or module_name.partition(".")[0] not in caches.CLIENTS:
            continue
        for name, value in list(vars(module).items()):
            if name in _ADDRESSES and isinstance(value, str) and value.startswith(old):
                setattr(module, name, new + value[len(old) :])
            elif type(value).__name__ == "HfApi" and value.endpoint == old:
                value.endpoint = new
    # Hosts that may be sent the token when a download is redirected.
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
    """Set what was there before and, in modules that were imported since, what the environment says."""
    _set_flags({key: flags.get(key, _flag_of_environment(key[1])) for key in _FLAGS})


def _put_environment_back(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _flag_of_environment(name: str) -> bool:
    default = "1" if name in {"HF_UPDATE_DOWNLOAD_COUNTS", "USE_PARQUET_EXPORT"} else "0"
    return os.environ.get(name, default).upper() in {"1", "ON", "YES", "TRUE", "AUTO"}


def _forget_connections() -> None:
    """Drop connections that remember a proxy (new ones cost 30 ms), and file systems, which remember listings."""
    http = sys.modules.get("huggingface_hub.utils._http")
    if http and getproxies():
        http.close_session()
    if file_system := sys.modules.get("huggingface_hub.hf_file_system"):
        file_system.HfFileSystem.clear_instance_cache()
