"""Run the demo: embedded Hub, app and training as separate processes, started and stopped together."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from spacehub import board, catalogue, home, ports
from spacehub.errors import SpaceHubError
from spacehub.pipeline import preset

HOST = "127.0.0.1"
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SMALLEST_FREE_SPACE = 500 * 2**20
# Settings that would connect our processes to another Hub, or to none.
FOREIGN = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE", "HUGGINGFACE_CO_STAGING")
FOREIGN += ("HF_TOKEN", "HF_TOKEN_PATH", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_CACHE", "SPACEHUB_NAMESPACE")


def run(keys: list[str]) -> None:
    """Run the demo until Ctrl-C, and build the datasets and models of `keys` (if empty, all except the variants).

    Raises
    ------
    SpaceHubError
        If a key or preset is unknown, only the Hub is installed, a port is in use, the folder cannot be
        written, its disk is full, or a server ends by itself.
    """
    keys = [catalogue.find(key).key for key in keys] or catalogue.in_demo()
    preset()
    _require_everything()
    folder = _room_to_work()
    with _alone_in(folder):
        _run(folder, keys)


def _run(folder: Path, keys: list[str]) -> None:
    app_port, hub_port = ports.read("SPACEHUB_APP_PORT", 7860), ports.read("SPACEHUB_HUB_PORT", 7870)
    for name, port in ("SPACEHUB_APP_PORT", app_port), ("SPACEHUB_HUB_PORT", hub_port):
        ports.require_free(name, HOST, port)
    logs = home.ensure(folder / "logs")
    shutil.rmtree(folder / "progress", ignore_errors=True)
    for sign in STOPPING:
        signal.signal(sign, _interrupt)
    with contextlib.ExitStack() as stack:
        stack.callback(print, "Stopped. Trained and published files are in", folder, flush=True)
        root, port = str(folder / "hub"), str(hub_port)
        hub = stack.enter_context(
            _process("hub", ["-m", "spacehub.cli", "hub", "--root", root, "--port", port], os.environ, logs)
        )
        environment = _environment(folder, app_port, hub_port)
        app = stack.enter_context(_process("app", ["-m", "space_app.app"], environment, logs))
        _wait(f"http://{HOST}:{hub_port}/healthz", hub, logs / "hub.log")
        _wait(f"http://{HOST}:{app_port}/", app, logs / "app.log")
        print(f"App          http://{HOST}:{app_port}")
        print(f"Embedded Hub http://{HOST}:{hub_port}")
        print(f"Files        {folder}\nLogs         {logs}\n", flush=True)
        # Only what publishes gets the token; the app reads only public repositories.
        environment["HF_TOKEN"] = (folder / "hub" / "token").read_text().strip()
        publish = stack.enter_context(
            _process("publish", ["-m", "spacehub.cli", "publish", *keys], environment, logs)
        )
        stack.enter_context(
            _process("challenge", ["-m", "spacehub.cli", "challenge", "host"], environment, logs)
        )
        ordered = sorted(keys, key=lambda key: key in catalogue.MODELS)
        _until_interrupted({"hub": hub, "app": app}, publish, folder, ordered)


def _require_everything() -> None:
    """Check, before any work, that more than the Hub is installed."""
    missing = [name for name in ("gradio", "datasets", "torch") if importlib.util.find_spec(name) is None]
    if missing:
        raise SpaceHubError(
            f"This installation contains only the embedded Hub: {', '.join(missing)} is not installed."
            if len(missing) == 1
            else f"This installation contains only the embedded Hub: {', '.join(missing)} are not installed.",
            "If you have a checkout of SpaceHub, run `make demo`. Otherwise, run: pip install 'spacehub[app,train]'",
        )


def _until_interrupted(servers: dict, publish: subprocess.Popen, folder: Path, keys: list[str]) -> None:
    """Watch the processes and show the progress of each of `keys`; return on Ctrl-C."""
    logs = folder / "logs"
    try:
        with board.board() as shown:
            while publish.poll() is None:
                shown.show([board.read(folder / "progress", key) for key in keys])
                _require_alive(servers, logs)
                time.sleep(0.2)
            shown.show([board.read(folder / "progress", key) for key in keys])
        if publish.returncode:
            print(f"\nSome datasets or models could not be published. See {logs / 'publish.log'}.", end=" ")
        else:
            print("\nEverything is published.", end=" ")
        print("The app keeps running; press Ctrl-C to stop it.", flush=True)
        while True:
            _require_alive(servers, logs)
            time.sleep(0.2)
    except KeyboardInterrupt:
        print("\nStopping ...", flush=True)


def _require_alive(servers: dict, logs: Path) -> None:
    for name, server in servers.items():
        if server.poll() is not None:
            log = logs / f"{name}.log"
            raise SpaceHubError(
                f"The {name} exited unexpectedly: {_last_words(log)}", f"See the full log: {log}"
            )


def _interrupt(*_) -> None:
    """Begin to stop; a second Ctrl-C must not prevent the remaining stops."""
    for sign in STOPPING:
        signal.signal(sign, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Lock the folder; if another demo runs in it, leave it untouched."""
    lock = FileLock(folder / "demo.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise SpaceHubError(
            f"Another demo is running in {folder}.",
            "Stop the other demo, or choose a different folder and different ports for this demo: "
            "SPACEHUB_HOME=/path/to/folder SPACEHUB_APP_PORT=7960 SPACEHUB_HUB_PORT=7970 make demo",
        ) from error
    try:
        yield
    finally:
        lock.release()


def _room_to_work() -> Path:
    folder = home.ensure(home.home())
    free = shutil.disk_usage(folder).free
    if free < SMALLEST_FREE_SPACE:
        raise SpaceHubError(
            f"The disk that contains {folder} has only {free / 2**20:.0f} MB left, but the demo needs {SMALLEST_FREE_SPACE / 2**20:.0f} MB.",
            "Free some space, or choose another folder: SPACEHUB_HOME=/path/to/folder make demo",
        )
    return folder


def _environment(folder: Path, app_port: int, hub_port: int) -> dict[str, str]:
    """Return the environment that points every Hub client at the embedded Hub, and nowhere else."""
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    loopback = f"{HOST},localhost"
    others = environment.get("NO_PROXY") or environment.get("no_proxy")
    no_proxy = f"{others},{loopback}" if others else loopback
    return environment | {
        "HF_ENDPOINT": f"http://{HOST}:{hub_port}",
        "HF_HOME": str(folder / "huggingface"),
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        "HF_UPDATE_DOWNLOAD_COUNTS": "0",
        "DISABLE_SAFETENSORS_CONVERSION": "1",
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
        "SPACEHUB_HOME": str(folder),
        "SPACEHUB_PROGRESS": str(folder / "progress"),
        "SPACEHUB_APP_PORT": str(app_port),
        "PYTHONUNBUFFERED": "1",
        # At Ctrl-C joblib's tracker cleans up after its workers, and would print a long message.
        "PYTHONWARNINGS": "ignore:resource_tracker:UserWarning",
    }


@contextlib.contextmanager
def _process(name: str, arguments: list[str], environment: dict, logs: Path) -> Iterator[subprocess.Popen]:
    """Run a Python process in its own session, so that Ctrl-C does not reach it directly."""
    with contextlib.ExitStack() as stack:
        log = stack.enter_context(open(logs / f"{name}.log", "w"))
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _stop(process)


def _stop(process: subprocess.Popen) -> None:
    """Ask the process and its children to end, then force them."""
    for sign, seconds in (signal.SIGTERM, 10), (signal.SIGKILL, 5):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return


def _wait(address: str, process: subprocess.Popen, log: Path, seconds: float = 300) -> None:
    """Wait until `address` answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError), opener.open(address, timeout=2):
            return
        time.sleep(0.05)
    raise SpaceHubError(
        f"The server at {address} does not respond: {_last_words(log)}", f"See the full log: {log}"
    )


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n")
    return " ".join(line.strip() for line in lines if line.strip())[-300:] or "it printed nothing"
