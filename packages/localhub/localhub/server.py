"""Run an embedded Hub: in this process for tests (`LocalHub`), or as a separate process (`serve`)."""

import contextlib
import ctypes
import os
import shlex
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from localhub.clients import environment, point_clients_at
from localhub.faults import FaultInjection
from localhub.running import RunningHub


class LocalHub(FaultInjection):
    """An embedded Hub in this process, for the duration of the ``with`` block.

    Inside the block, the environment and every client in this process use this Hub with a write token. The
    clients keep their caches in a temporary folder. A request to another host fails at once. Afterwards
    everything is restored. Faults of huggingface.co can be injected (`FaultInjection`).

    Parameters
    ----------
    root : path, optional
        The Hub's folder, which is kept; None for a temporary one.
    host : str
        Address to listen on.
    port : int
        Port to listen on; 0 picks a free one.
    accounts : list of dict or path, optional
        As for ``localhub --accounts``; None for the single account ``spacehub``, which may write in every namespace.
    allowed_hosts : iterable of str
        Other hosts that your tests need, such as the host of a database. A request to any other host raises `OtherHostError`.
    run_spaces : bool
        Run each pushed Space with the permissions of your user account. Push only Spaces that you trust.
    run_jobs : bool
        Run each submitted job with the permissions of your user account. Submit only jobs that you trust.
    inference : bool
        Run the ONNX models in repositories, at ``endpoint/hf-inference/models/NAMESPACE/NAME``.

    Attributes
    ----------
    endpoint : str
        Address of the embedded Hub, for HF_ENDPOINT.
    token : str
        A token with the role write: the first one in the accounts.
    account : str
        The account that the token belongs to.

    Raises
    ------
    LocalHubError
        On entering, if the port is taken, the folder cannot be written or is in use, or the accounts are wrong.

    Examples
    --------
    >>> from localhub import LocalHub
    >>> with LocalHub() as hub:
    ...     from huggingface_hub import create_repo
    ...     create_repo("demo").repo_id
    'spacehub/demo'
    """

    def __init__(
        self,
        root: str | os.PathLike[str] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        accounts: list[dict[str, Any]] | str | os.PathLike[str] | None = None,
        allowed_hosts: Iterable[str] = (),
        run_spaces: bool = False,
        run_jobs: bool = False,
        inference: bool = False,
    ):
        self._root = root
        self._host = host
        self._port = port
        self._accounts = accounts
        self._allowed_hosts = allowed_hosts
        self._run_spaces = run_spaces
        self._run_jobs = run_jobs
        self._inference = inference
        self.endpoint = ""
        self.token = ""
        self.account = ""

    def __enter__(self) -> "LocalHub":
        with ExitStack() as undo:
            self._scratch = Path(tempfile.mkdtemp(prefix="localhub-"))
            undo.callback(shutil.rmtree, self._scratch, ignore_errors=True)
            hub = RunningHub(
                Path(self._root or self._scratch / "hub"),
                self._host,
                self._port,
                self._accounts,
                run_spaces=self._run_spaces,
                run_jobs=self._run_jobs,
                inference=self._inference,
            )
            self.account, self.token = hub.first_write_token()
            self.endpoint, self._faults, self._deliveries = hub.endpoint, hub.faults, hub.deliveries
            thread = threading.Thread(target=hub.run, name="localhub", daemon=True)
            thread.start()
            undo.callback(thread.join)
            undo.callback(hub.stop)
            undo.callback(hub.faults.remove)
            home = self._scratch / "clients"
            undo.callback(
                point_clients_at(self.endpoint, self.token, home, allowed_hosts=self._allowed_hosts)
            )
            self._undo = undo.pop_all()
        return self

    def wait_for_webhooks(self, seconds: float = 30.0) -> bool:
        """Wait until every webhook payload is delivered or abandoned; return False if that takes longer."""
        return self._deliveries.wait(seconds)

    def __exit__(self, *exception: object) -> None:
        self._undo.close()


def serve(
    root: str | os.PathLike[str],
    host: str = "127.0.0.1",
    port: int = 7870,
    accounts: list[dict[str, Any]] | str | os.PathLike[str] | None = None,
    *,
    run_spaces: bool = False,
    run_jobs: bool = False,
    inference: bool = False,
) -> None:
    """Run an embedded Hub until SIGINT or SIGTERM; once it listens, print its address and where its token is.

    Parameters
    ----------
    root : path
        The embedded Hub's folder, created if missing.
    host : str
        Address to listen on.
    port : int
        0 picks a free one.
    accounts : path, optional
        JSON file of accounts; needed for an address that is not loopback.
    run_spaces : bool
        Run each pushed Space with the permissions of your user account.
    run_jobs : bool
        Run each submitted job with the permissions of your user account.
    inference : bool
        Run the ONNX models in repositories.

    Raises
    ------
    LocalHubError
        If the port is taken, the folder cannot be written or is in use, or the accounts file is wrong.
    """
    _limit_arenas()
    hub = RunningHub(
        Path(root), host, port, accounts, run_spaces=run_spaces, run_jobs=run_jobs, inference=inference
    )
    token_from = (
        f"accounts: {accounts}" if accounts is not None else f"token: {Path(root).absolute() / 'token'}"
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: hub.stop())
    print(f"Embedded Hub listening at {hub.endpoint} ({token_from}); set these variables for its clients:")
    print(_exports(hub.endpoint, Path(root).absolute() / "token" if accounts is None else None), flush=True)
    hub.run()


def _limit_arenas() -> None:
    """Make glibc share freed memory between threads. With hundreds of threads, separate arenas would use much memory."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


_M_ARENA_MAX = -8  # malloc.h


def _exports(endpoint: str, token: Path | None) -> str:
    """Return shell lines that set every variable a stock client needs; the token stays in its file."""
    variables = environment(endpoint, token="")
    del variables["HF_TOKEN"]
    where = "..." if token is None else f'"$(cat {shlex.quote(str(token))})"'
    lines = [f"export HF_TOKEN={where}"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return "\n".join(lines)
