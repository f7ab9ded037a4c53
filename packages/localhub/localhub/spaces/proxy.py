"""The reverse proxy in front of running Spaces. The proxy serves ``/NAMESPACE/NAME/...`` on a separate port, which is a separate origin.

The proxy rewrites only the head of a request and passes the rest on as bytes, so WebSockets and streams work.
The proxy itself sends the files of static Spaces. Each connection carries one request.
"""

import asyncio
import contextlib
import html
import socket
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from localhub.errors import HubError
from localhub.git.entries import Snapshot
from localhub.hosts import is_loopback
from localhub.ids import RepoId, RepoType
from localhub.spaces import static

HEAD_BYTES = 64 << 10
HEAD_SECONDS = 30
IDLE_SECONDS = 600
MOST_CONNECTIONS = 500
# A caller's tokens are only for the Hub: the code of a Space must not see them. An app may have tokens of its own.
_TOKENS = {b"authorization", b"x-hf-authorization", b"proxy-authorization"}
_NOT_PASSED = {b"connection", b"keep-alive"}


class Proxy:
    """The proxy, in a thread with a separate event loop.

    Parameters
    ----------
    port : callable
        Returns the port of the app that serves a Space, or None.
    stage : callable
        Returns the stage of a Space whose app is not running, or None.
    find : callable
        Returns the current id of a Space, or None if the caller of an ``Authorization`` header may not see it.
    files : callable
        Returns the newest snapshot of a static Space; None for a Space that runs an app.
    is_token : callable
        Returns whether an ``Authorization`` header holds a token of a Hub.
    """

    def __init__(
        self,
        port: Callable[[RepoId], int | None],
        stage: Callable[[RepoId], str | None],
        find: Callable[[RepoId, str | None], RepoId | None],
        files: Callable[[RepoId], Snapshot | None],
        is_token: Callable[[str], bool],
    ):
        self._port, self._stage, self._find, self._files = port, stage, find, files
        self._is_token = is_token
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.Task[Any]] = set()
        self._thread = threading.Thread(target=self._run, name="space-proxy", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close every connection and stop listening."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, sock=self._socket, limit=HEAD_BYTES)
        )
        self._loop.run_forever()
        server.close()
        for task in self._open:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._open, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            if len(self._open) > MOST_CONNECTIONS:
                await _answer(writer, 503, "Too many connections are open.")
            else:
                await self._forward(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            return await _answer(writer, 431, "The head of this request is too long.")
        first, *lines = head[:-4].split(b"\r\n")
        parts = first.split(b" ")
        headers = [line.partition(b":")[::2] for line in lines]
        found = {name.strip().lower(): value.strip() for name, value in headers}
        if len(parts) != 3 or not parts[1].startswith(b"/") or any(line[:1] in b" \t" for line in lines):
            return await _answer(writer, 400, "This is not a valid HTTP request.")
        host = found.get(b"host", b"").decode("latin-1")
        if not is_loopback(host.rpartition(":")[0] if ":" in host else host):
            return await _answer(writer, 403, "These Spaces accept requests only from this machine.")
        path, _, query = parts[1].partition(b"?")
        id, rest = _split(path.decode("ascii", "replace"))
        token = found.get(b"x-hf-authorization") or found.get(b"authorization")
        given = token.decode("latin-1") if token else None
        now = await asyncio.to_thread(self._find, id, given) if id is not None else None
        if id is None or now is None:
            return await _answer(writer, 404, "This Space does not exist.")
        if now != id:
            await _answer(writer, 307, "This Space has moved.", location=f"/{now}{rest or '/'}")
            return None
        if not rest:
            return await _answer(writer, 307, "Add a slash at the end of the address.", location=f"/{id}/")
        snapshot = await asyncio.to_thread(self._files, id)
        if snapshot is not None:
            return await _send(writer, parts[0], snapshot, rest)
        port = self._port(id)
        if port is None:
            stage = self._stage(id) or "STOPPED"
            return await _answer(writer, 503, f"{id} is not running; its stage is {stage}.")
        target = rest.encode() + (b"?" + query if query else b"")
        kept = [
            name + b":" + value
            for name, value in headers
            if self._is_passed(name.strip().lower(), value.strip())
        ]
        upgrade = b"upgrade" in found
        kept += [
            b"Connection: Upgrade" if upgrade else b"Connection: close",
            b"X-Forwarded-For: 127.0.0.1",
            b"X-Forwarded-Proto: http",
            b"X-Forwarded-Host: " + found[b"host"],
        ]
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            upstream_writer.write(
                b"\r\n".join([b" ".join([parts[0], target, parts[2]]), *kept]) + b"\r\n\r\n"
            )
            sending = asyncio.create_task(_pipe(reader, upstream_writer))
            await _pipe(upstream_reader, writer)
            sending.cancel()
        finally:
            upstream_writer.close()

    def _is_passed(self, name: bytes, value: bytes) -> bool:
        if name in _TOKENS:
            return name == b"authorization" and not self._is_token(value.decode("latin-1"))
        return name not in _NOT_PASSED


def _split(path: str) -> tuple[RepoId | None, str]:
    """Split ``/NAMESPACE/NAME/rest`` into the Space and ``/rest`` (empty if the slash is missing)."""
    parts = path.split("/", 3)
    if len(parts) < 3:
        return None, ""
    try:
        id = RepoId.of_path(RepoType.SPACE, unquote(parts[1]), unquote(parts[2]))
    except HubError:
        return None, ""
    return id, f"/{parts[3]}" if len(parts) == 4 else ""


async def _send(writer: asyncio.StreamWriter, method: bytes, snapshot: Snapshot, path: str) -> None:
    """Send a file of a static Space."""
    if method not in (b"GET", b"HEAD"):
        return await _answer(writer, 405, "A static Space contains only files.")
    file = await asyncio.to_thread(static.find, snapshot, unquote(path))
    if file is None:
        return await _answer(writer, 404, "The Space does not contain this file.")
    head = [
        "HTTP/1.1 200 OK",
        f"Content-Type: {file.type}",
        f"Content-Length: {file.size}",
        f"X-Repo-Commit: {snapshot.commit_id}",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-cache",
        "Connection: close",
    ]
    writer.write("\r\n".join(head).encode() + b"\r\n\r\n")
    if method == b"GET":
        for part in static.parts(file):
            writer.write(part)
            async with asyncio.timeout(IDLE_SECONDS):
                await writer.drain()
    await writer.drain()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        async with asyncio.timeout(IDLE_SECONDS):
            data = await reader.read(1 << 16)
        if not data:
            return
        writer.write(data)
        await writer.drain()


_REASONS = {307: "Temporary Redirect", 400: "Bad Request", 403: "Forbidden", 404: "Not Found"}
_REASONS |= {405: "Method Not Allowed", 431: "Request Header Fields Too Large", 503: "Service Unavailable"}


async def _answer(writer: asyncio.StreamWriter, status: int, text: str, *, location: str = "") -> None:
    body = f"<!doctype html><title>{status}</title><p>{html.escape(text)}</p>".encode()
    head = [
        f"HTTP/1.1 {status} {_REASONS[status]}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Content-Security-Policy: default-src 'none'",
        "Connection: close",
        *([f"Location: {location}"] if location else []),
    ]
    writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
    await writer.drain()
