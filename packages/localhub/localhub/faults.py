"""Faults that a test injects: error responses, slow responses, broken connections, a full disk."""

import asyncio
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from localhub.errors import HubError
from localhub.web.answers import DISK_FULL, error_response

# Requests that need space on the disk.
_WRITES = (
    "POST */commit/*",
    "POST /api/repos/create",
    "POST */duplicate",
    "POST */git-receive-pack",
    "PUT /lfs/*",
    "POST */xorbs/*",
    "POST */shards*",
)


@dataclass(eq=False)
class Fault:
    """A fault for requests to some addresses.

    Attributes
    ----------
    path : str
        The decoded path of an address, without its query; ``*`` matches any characters, including slashes.
    method : str or None
        None for every method.
    times : int or None
        How many more requests it affects; None for all until `FaultInjection.recover`.
    hits : int
        How many requests it has affected.
    error : HubError or None
        The response.
    seconds : float
        How long the request waits first.
    bytes_sent : int or None
        The connection breaks after this many bytes of the response's body; 0 means before the response starts.
    """

    path: str
    method: str | None
    times: int | None
    error: HubError | None = None
    seconds: float = 0.0
    bytes_sent: int | None = None
    hits: int = field(default=0, init=False)

    def takes(self, method: str, path: str) -> bool:
        """Return whether the fault affects this request; if it does, count the request."""
        if self.times == 0 or self.method not in (None, method) or not fnmatchcase(path, self.path):
            return False
        self.hits += 1
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """The outermost layer of a Hub (ASGI), which applies the faults that a test injects."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self._faults: list[Fault] = []
        self._active: set[Fault] = set()
        self._lock = threading.Lock()

    def add(self, *faults: Fault) -> None:
        """Activate these faults; if several faults match a request, the first fault applies."""
        with self._lock:
            self._faults.extend(faults)
            self._active.update(faults)

    def remove(self, *faults: Fault) -> None:
        """Deactivate these faults; without arguments, deactivate all faults."""
        with self._lock:
            gone = set(faults or self._faults)
            self._faults = [fault for fault in self._faults if fault not in gone]
            self._active -= gone

    async def __call__(self, scope: Scope, receive: Receive, send: Send):
        """Serve one connection (ASGI)."""
        fault = self._fault_for(scope) if self._faults and scope["type"] == "http" else None
        if fault is None:
            await self.app(scope, receive, send)
            return
        deadline = time.monotonic() + fault.seconds
        while time.monotonic() < deadline and fault in self._active:
            if _transport(send).is_closing():  # the client has gone
                return
            await asyncio.sleep(min(0.02, fault.seconds))
        if fault.error is not None:
            await error_response(fault.error)(scope, receive, send)
        elif fault.bytes_sent is not None:
            await _break(self.app, scope, receive, send, fault.bytes_sent)
        else:
            await self.app(scope, receive, send)

    def _fault_for(self, scope: Scope) -> Fault | None:
        path = unquote(scope["raw_path"].decode("ascii", "replace"))
        with self._lock:
            return next((fault for fault in self._faults if fault.takes(scope["method"], path)), None)


def _transport(send: Send) -> asyncio.Transport:
    """Return the connection of a request."""
    return send.__self__.transport  # type: ignore[attr-defined]  # a method of uvicorn's


async def _break(app: ASGIApp, scope: Scope, receive: Receive, send: Send, bytes_sent: int) -> None:
    """Serve a request and close its connection after this many bytes of the body."""
    transport = _transport(send)
    left = bytes_sent

    async def send_some(message: Message):
        nonlocal left
        if transport.is_closing() or (message["type"] == "http.response.start" and not left):
            transport.abort()
            return
        if message["type"] == "http.response.body":
            body = message.get("body", b"")
            await send({"type": "http.response.body", "body": body[:left], "more_body": True})
            left -= min(left, len(body))
            if not left:
                transport.close()
                return
        else:
            await send(message)

    await app(scope, receive, send_some)
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


class FaultInjection:
    """Faults that a test can inject into a `LocalHub` to check how its own code handles them.

    In every `path`, ``*`` matches any characters, including slashes; queries are ignored. Every method returns
    the `Fault`, whose ``hits`` counts the requests that it has affected. If several faults match, the first fault applies.

    Examples
    --------
    >>> from huggingface_hub import HfApi
    >>> from localhub import LocalHub
    >>> with LocalHub() as hub:
    ...     fault = hub.fail("/api/whoami-v2", status=429, headers={"Retry-After": "0"})
    ...     try:
    ...         _ = HfApi().whoami()
    ...     except Exception as error:
    ...         error.response.status_code, fault.hits, HfApi().whoami()["name"]
    (429, 1, 'spacehub')
    """

    _faults: Faults

    def fail(
        self,
        path: str,
        *,
        status: int = 503,
        headers: Mapping[str, str] | None = None,
        message: str = "A test injected this error.",
        times: int | None = 1,
        method: str | None = None,
    ) -> Fault:
        """Answer the next requests for a path with an error.

        Parameters
        ----------
        path : str
            Such as ``"/api/models/me/m"`` or ``"*/resolve/main/model.safetensors"``.
        status : int
        headers : mapping, optional
            Additional response headers: ``{"Retry-After": "1"}``.
        message : str
            The message that the client shows.
        times : int or None
            How many requests; None for all until `recover`.
        method : str, optional
            Only requests of this method.
        """
        return self._add(Fault(path, method, times, error=HubError(status, message, headers=headers)))

    def delay(self, path: str, seconds: float, *, times: int | None = 1, method: str | None = None) -> Fault:
        """Delay the next requests for a path; parameters as for `fail`."""
        return self._add(Fault(path, method, times, seconds=seconds))

    def drop(self, path: str, *, after: int = 0, times: int | None = 1, method: str | None = None) -> Fault:
        """Break the connection of the next requests for a path; parameters as for `fail`.

        The embedded Hub still processes the request. For example, a commit exists even if its response is lost.

        Parameters
        ----------
        after : int
            The number of bytes of the response's body that are sent first; 0 means before the response starts.
        """
        return self._add(Fault(path, method, times, bytes_sent=after))

    @contextmanager
    def full_disk(self) -> Generator[None]:
        """Simulate a full disk inside the ``with`` block: requests that need space get a 507."""
        faults = []
        for address in _WRITES:
            method, _, path = address.partition(" ")
            faults.append(Fault(path, method, None, error=HubError(507, DISK_FULL)))
        self._faults.add(*faults)
        try:
            yield
        finally:
            self._faults.remove(*faults)

    def recover(self) -> None:
        """Deactivate all faults."""
        self._faults.remove()

    def _add(self, fault: Fault) -> Fault:
        self._faults.add(fault)
        return fault
