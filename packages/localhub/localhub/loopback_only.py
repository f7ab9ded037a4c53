"""Block requests of this process to other hosts while an embedded Hub runs in it; the error names the caller."""

import ipaddress
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any

from localhub.errors import LocalHubError

# Packages that carry out a request for somebody else.
_CARRIERS = sys.stdlib_module_names | {
    *(
        "httpx",
        "httpx2",
        "httpcore",
        "httpcore2",
        "requests",
        "urllib3",
        "aiohttp",
        "anyio",
        "fsspec",
        "sniffio",
        "h11",
    ),
    *("huggingface_hub", "datasets", "transformers", "filelock", "tqdm", "uvloop", "gradio_client"),
}


class OtherHostError(LocalHubError):
    """A request to another host while an embedded Hub runs in this process.

    The error is not an OSError, because clients retry after an OSError.
    """


def stay_on_loopback(endpoint: str, allowed: Iterable[str] = ()) -> Callable[[], None]:
    """Block every name and address that does not belong to this machine.

    Parameters
    ----------
    endpoint : str
        The running Hub, for the message.
    allowed : iterable of str
        Hosts that are still allowed.

    Returns
    -------
    callable
        Undoes this.
    """
    guard = _Guard(endpoint, allowed)
    undo = [
        _replace(socket, "getaddrinfo", guard.getaddrinfo),
        _replace(socket, "gethostbyname", guard.gethostbyname),
        _replace(socket.socket, "connect", guard.connecting),
        _replace(socket.socket, "connect_ex", guard.connecting),
    ]

    def restore() -> None:
        for step in reversed(undo):
            step()

    return restore


class _Guard:
    """The functions that replace the socket module's."""

    def __init__(self, endpoint: str, allowed: Iterable[str]):
        self._endpoint = endpoint
        self._allowed = {host.lower() for host in allowed}
        self._own = {"", "localhost", socket.gethostname().lower()}
        self._modules = set(sys.modules)

    def getaddrinfo(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Return a name lookup that finds only this machine."""

        def getaddrinfo(host: Any, *arguments: Any, **options: Any):
            self._check(host)
            addresses = original(host, *arguments, **options)
            self._allowed.update(item[4][0] for item in addresses if isinstance(item[4][0], str))
            return addresses

        return getaddrinfo

    def gethostbyname(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Return a `gethostbyname` that finds only this machine."""

        def gethostbyname(host: Any):
            self._check(host)
            return original(host)

        return gethostbyname

    def connecting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Return a connect function that reaches only this machine."""

        def connect(sock: socket.socket, address: Any):
            if sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
                self._check(address[0])
            return original(sock, address)

        return connect

    def _check(self, host: Any) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
        name = name.lower().rstrip(".")
        if name not in self._own and name not in self._allowed and not _is_this_machine(name):
            raise OtherHostError(*self._message(name))

    def _message(self, host: str) -> tuple[str, str]:
        carriers = []
        for caller in _frames(sys._getframe(3)):
            if _package(caller) not in _CARRIERS:
                where = _place(caller)
                break
            carriers.append(caller)
        else:
            where = f"Thread {threading.current_thread().name}"
        problem = f"{where} requested {host}, but nothing leaves this machine while {self._endpoint} runs in this process."
        objects = [frame.f_locals["self"] for frame in reversed(carriers) if "self" in frame.f_locals]
        if kept := self._where_kept(objects):
            return (
                f"{kept} was created before the embedded Hub started. {problem}",
                "Create it after the embedded Hub starts, or let it read HF_ENDPOINT when it is used.",
            )
        return problem, 'Use the embedded Hub instead, or allow the host: LocalHub(allowed_hosts=["..."]).'

    def _where_kept(self, objects: list[Any]) -> str | None:
        """Return the name of the first of these objects that is in a module imported before the Hub started."""
        places = {id(obj): place for place, obj in reversed(list(enumerate(objects)))}
        found: dict[int, str] = {}
        for module_name, module in sys.modules.copy().items():
            if module_name not in self._modules or module_name.partition(".")[0] in _CARRIERS:
                continue
            for name, value in _attributes(module):
                if id(value) in places:
                    found.setdefault(places[id(value)], f"{module_name}.{name}")
                    continue
                for inner, held in _attributes(value):
                    if id(held) in places:
                        found.setdefault(places[id(held)], f"{module_name}.{name}.{inner}")
        return found[min(found)] if found else None


def _attributes(owner: Any) -> list[tuple[str, Any]]:
    try:
        return list(object.__getattribute__(owner, "__dict__").items())
    except (AttributeError, TypeError):
        return list(vars(owner).items()) if isinstance(owner, type) else []


def _replace(
    owner: Any, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> Callable[[], None]:
    """Replace a function; return a function that restores it."""
    before = vars(owner).get(name)
    setattr(owner, name, make(getattr(owner, name)))

    def restore() -> None:
        if before is None:
            delattr(owner, name)
        else:
            setattr(owner, name, before)

    return restore


def _is_this_machine(host: str) -> bool:
    if host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if address.is_loopback or address.is_unspecified:
        return True
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((host, 0))  # works only if the address belongs to this machine
    except OSError:
        return False
    return True


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield this frame and its callers, innermost first."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__")).partition(".")[0]


def _place(frame: FrameType) -> str:
    code = frame.f_code
    return f"{frame.f_globals.get('__name__')}.{code.co_qualname} ({code.co_filename}, line {frame.f_lineno})"
