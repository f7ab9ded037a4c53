"""Run a Hub: in this process for tests (`LocalHub`), or as a process of its own (`serve`)."""

import asyncio
import contextlib
import ipaddress
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from pathlib import Path

import uvicorn

from .accounts import Accounts, default_accounts, first_write_token, read_accounts
from .app import make_app
from .clients import point_clients_at
from .errors import LocalHubError
from .store import Store

GRACE_SECONDS = 5  # for requests under way when the Hub is told to stop


class LocalHub:
    """A Hub in this process, for as long as the ``with`` block lasts.

    Inside the block the environment, and huggingface_hub, datasets and transformers where they are imported already,
    point at this Hub with a token that may write; afterwards they are as they were.

    Parameters
    ----------
    root : path, optional
        The Hub's folder, kept afterwards; none for a temporary one.
    host : str
        Address to listen on.
    port : int
        Port to listen on; 0 picks a free one.
    accounts : list of dict or path, optional
        As ``spacehub hub --accounts``; none for the one account ``spacehub``, which may write in every namespace.

    Attributes
    ----------
    endpoint : str
        Address of the Hub, for HF_ENDPOINT.
    token : str
        A token to write with: the first one in the accounts.
    account : str
        The account it belongs to.

    Raises
    ------
    LocalHubError
        On entering, if the port is taken, the folder cannot be written or is in use, or the accounts are wrong.

    Examples
    --------
    >>> from spacehub.localhub import LocalHub
    >>> with LocalHub() as hub:
    ...     from huggingface_hub import create_repo
    ...     create_repo("demo").repo_id
    'spacehub/demo'
    """

    def __init__(self, root=None, *, host: str = "127.0.0.1", port: int = 0, accounts=None):
        self._root = root
        self._host = host
        self._port = port
        self._accounts = accounts
        self.endpoint = ""
        self.token = ""
        self.account = ""

    def __enter__(self) -> "LocalHub":
        self._folder = Path(tempfile.mkdtemp(prefix="localhub-") if self._root is None else self._root)
        try:
            self._hub = _RunningHub(self._folder, self._host, self._port, self._accounts)
            self.account, self.token = self._hub.first_write_token()
        except BaseException:
            self._remove_folder()
            raise
        self.endpoint = self._hub.endpoint
        self._thread = threading.Thread(target=self._hub.run, name="localhub", daemon=True)
        self._thread.start()
        self._restore = point_clients_at(self.endpoint, self.token)
        return self

    def __exit__(self, *exception) -> None:
        self._restore()
        self._hub.stop()
        self._thread.join()
        self._remove_folder()

    def _remove_folder(self) -> None:
        if self._root is None:
            shutil.rmtree(self._folder, ignore_errors=True)


def serve(root, host: str = "127.0.0.1", port: int = 7870, accounts=None) -> None:
    """Run a Hub until SIGINT or SIGTERM; once it listens, print its address and where its token is.

    Parameters
    ----------
    root : path
        The Hub's folder, made if it is missing.
    host : str
        Address to listen on.
    port : int
        0 picks a free one.
    accounts : path, optional
        JSON file of accounts; needed for an address that is not loopback.

    Raises
    ------
    LocalHubError
        If the port is taken, the folder cannot be written or is in use, or the accounts file is wrong.
    """
    hub = _RunningHub(Path(root), host, port, accounts)
    token_from = (
        f"accounts: {accounts}" if accounts is not None else f"token: {Path(root).absolute() / 'token'}"
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: hub.stop())
    clients = f"clients need HF_ENDPOINT={hub.endpoint} HF_HUB_DISABLE_XET=1"
    print(f"Hub listening at {hub.endpoint} ({token_from}); {clients}", flush=True)
    hub.run()


class _RunningHub:
    """Folder, accounts and socket of a Hub that is ready to run: whatever can go wrong has not."""

    def __init__(self, root: Path, host: str, port: int, accounts):
        if accounts is None and not _is_loopback(host):
            raise LocalHubError(
                f"{host} can be reached from other machines, and this Hub has no accounts.",
                "Name an accounts file, or listen on 127.0.0.1.",
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
        except BaseException:
            store.close()
            raise
        self._store = store
        name = f"[{host}]" if ":" in host else host
        self.endpoint = f"http://{name}:{self._socket.getsockname()[1]}"
        self._server = _Server(
            uvicorn.Config(
                make_app(store, known),
                log_level="warning",
                access_log=False,
                lifespan="off",
                server_header=False,
            )
        )

    def first_write_token(self) -> tuple[str, str]:
        """Account and token for who is to use this Hub; if there is none, it will not run."""
        try:
            return first_write_token(self._entries)
        except LocalHubError:
            self._close()
            raise

    def run(self) -> None:
        """Serve until told to stop."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._close()

    def _close(self) -> None:
        self._socket.close()
        self._store.close()

    def stop(self) -> None:
        """Have `run` return; a second call cuts off requests under way."""
        self._server.stop()


class _Server(uvicorn.Server):
    """Uvicorn, but it leaves signals alone and stops at once when told."""

    _woken: asyncio.Event | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    def stop(self) -> None:
        """Finish; callable from any thread and from a signal handler."""
        self.force_exit = self.should_exit
        self.should_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: it has stopped
                self._loop.call_soon_threadsafe(self._woken.set)

    @contextlib.contextmanager
    def capture_signals(self):
        """Handle none; whoever runs us does."""
        yield

    async def shutdown(self, sockets=None) -> None:
        """Let requests under way end, without the 0.1 s that uvicorn sleeps in any case."""
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
        """Tick every 0.1 s, as uvicorn does, or until `stop`."""
        self._woken = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        tick = 0
        while not await self.on_tick(tick):
            tick = (tick + 1) % 864000
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), 0.1)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    """A bound, listening socket: from here on a client waits rather than being refused."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise LocalHubError(f"{host} is not an address of this machine.", "Listen on 127.0.0.1.") from error
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(512)
    except OSError as error:
        listening.close()
        raise LocalHubError(
            f"Cannot listen on {host}, port {port}: {error.strerror}.",
            "Choose another port, or free this one.",
        ) from error
    return listening
