"""Prepare an embedded Hub (lock its folder, read the accounts, bind the socket) and run it with a uvicorn that stops immediately."""

import asyncio
import contextlib
import os
import socket
import time
from pathlib import Path
from typing import Any

import uvicorn
from anyio import to_thread

from localhub.accounts import Accounts, default_accounts, first_write_token, read_accounts
from localhub.errors import LocalHubError
from localhub.faults import Faults
from localhub.hosts import is_loopback
from localhub.http_heads import BoundedHeads
from localhub.jobs.runner import JobRunner
from localhub.storage.store import Store
from localhub.web.app import make_app
from localhub.web.delivery import Deliveries
from localhub.with_spaces import run

GRACE_SECONDS = 5  # for running requests when the Hub is stopped
KEEP_ALIVE_SECONDS = 120  # well above the clients' 5, so that they close idle connections
THREADS = 200  # a writer that waits for a repo holds one


class RunningHub:
    """The folder, the accounts and the socket of a Hub that is ready to run. Every step that can fail is already done."""

    def __init__(
        self,
        root: Path,
        host: str,
        port: int,
        accounts: list[dict[str, Any]] | str | os.PathLike[str] | None,
        *,
        run_spaces: bool = False,
        run_jobs: bool = False,
        inference: bool = False,
    ):
        if accounts is None and not is_loopback(host):
            raise LocalHubError(
                f"Other machines can reach {host}, but this Hub has no accounts.",
                "Pass an accounts file, or listen on 127.0.0.1.",
            )
        for asked, option in ((run_spaces, "--run-spaces"), (run_jobs, "--run-jobs")):
            if asked and not is_loopback(host):
                raise LocalHubError(
                    f"Cannot use {option} with {host}: other machines could then run code on this machine.",
                    f"Listen on 127.0.0.1, or omit {option}.",
                )
        if accounts is None or isinstance(accounts, list):
            source = "the accounts"
        else:
            source, accounts = str(accounts), read_accounts(accounts)
        if accounts is not None:
            Accounts(accounts, source=source)
        store = Store(root)
        try:
            self._entries = default_accounts(store.root) if accounts is None else accounts
            known = Accounts(self._entries, source=source, own_everything=accounts is None)
            self._socket = _listen(host, port)
            name = f"[{host}]" if ":" in host else host
            self.endpoint = f"http://{name}:{self._socket.getsockname()[1]}"
            self._jobs = JobRunner(store.root, self.endpoint) if run_jobs else None
            self._spaces = run(store, known, self.endpoint) if run_spaces else None
        except BaseException:
            store.close()
            raise
        self._store = store
        self.deliveries = Deliveries()
        spaces = self._spaces[0] if self._spaces else None
        app = make_app(
            store,
            known,
            self.deliveries,
            endpoint=self.endpoint,
            loopback=is_loopback(host),
            spaces=spaces,
            job_runner=self._jobs,
            with_inference=inference,
        )
        self.faults = Faults(app)
        self._server = _Server(
            uvicorn.Config(
                self.faults,
                http=BoundedHeads,
                ws="none",
                log_level="error",
                access_log=False,
                lifespan="off",
                server_header=False,
                date_header=False,
                log_config=None,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
            )
        )

    def first_write_token(self) -> tuple[str, str]:
        """Return the account and token for users of this Hub; without a write token, close the Hub and raise."""
        try:
            return first_write_token(self._entries)
        except LocalHubError:
            self._close()
            raise

    def run(self) -> None:
        """Serve until stopped."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._close()

    def _close(self) -> None:
        self.deliveries.close()
        for part in (self._jobs, *reversed(self._spaces or ())):
            if part is not None:
                part.close()
        self._socket.close()
        self._store.close()

    def stop(self) -> None:
        """Make `run` return. A second call also ends running requests."""
        for runner in (self._jobs, self._spaces[0] if self._spaces else None):
            if runner is not None:
                runner.closed = True  # this ends the requests that follow a log
        self._server.stop()


class _Server(uvicorn.Server):
    """A uvicorn server that ignores signals and stops at once."""

    _woken: asyncio.Event | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    def stop(self) -> None:
        """Stop the server. Any thread and a signal handler may call this."""
        self.force_exit = self.should_exit
        self.should_exit = True
        if self._loop is not None and self._woken is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: it has stopped
                self._loop.call_soon_threadsafe(self._woken.set)

    @contextlib.contextmanager
    def capture_signals(self):
        """Handle no signals; our caller does."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let running requests end, without the 0.1 s that uvicorn always sleeps."""
        for listening in [*self.servers, *(sockets or [])]:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        deadline = time.monotonic() + GRACE_SECONDS
        while self.server_state.tasks and not self.force_exit and time.monotonic() < deadline:
            await asyncio.sleep(0.005)
        for task in list(self.server_state.tasks):
            task.cancel()

    async def main_loop(self) -> None:
        """Tick every 0.1 s, as uvicorn does, until `stop`."""
        self._woken = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        tick = 0
        while not await self.on_tick(tick):
            tick = (tick + 1) % 864000
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), 0.1)


def _listen(host: str, port: int) -> socket.socket:
    """Return a bound, listening socket. From now on, clients wait instead of being refused."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise LocalHubError(
            f"{host} is not an address of this machine.", "Listen on 127.0.0.1 instead."
        ) from error
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(512)
    except OSError as error:
        listening.close()
        raise LocalHubError(
            f"Cannot listen on {host}, port {port}: {error.strerror}.",
            "Choose another port, or stop the program that uses this port.",
        ) from error
    return listening
