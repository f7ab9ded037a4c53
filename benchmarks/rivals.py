"""Start the app and the one-file demo in separate processes, and query both in the same way."""

import contextlib
import http.client
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from spacehub import catalogue, endpoint
from spacehub.home import home
from tests.processes import ROOT, HubProcess, clean_environment, free_port, stop

ROUTES = ("landing", "picture", "title", "flight")
TITLES = [
    "Curiosity finds organic molecules on Mars", "How to bake sourdough in a cold kitchen",
    "Falcon 9 lands on a drone ship again", "The best laptops for students this year",
    "Hubble sees a galaxy with two cores", "Council votes on the new bus lanes",
]  # fmt: skip
FLIGHT = {
    "landing_type": "ASDS", "orbit": "LEO", "launch_site": "CCSFS SLC-40", "payload_mass_kg": 5000,
    "booster_flight": 3, "block": 5, "earlier_attempts": 150, "earlier_attempts_same_type": 100,
    "earlier_attempts_same_block": 100, "landed_share_last_ten": 1.0,
}  # fmt: skip
ORDER = ("landing_type", "orbit", "launch_site", "booster_flight", "block", "payload_mass_kg")
# If a call fails with one of these errors, the load continues.
FAILURES = (OSError, http.client.HTTPException, RuntimeError)


class Client(http.client.HTTPConnection):
    """A connection with little overhead, because it shares the cores with the measured server."""

    def __init__(self, rival: "Rival", timeout: float = 300):
        super().__init__(rival.address.removeprefix("http://"), timeout=timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> bytes:
        """Send a request, and return the whole response."""
        self.request(method, path, body, {"Content-Type": kind} if body else {})
        answer = self.getresponse()
        content = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{answer.status}: {content[:200]!r}")
        return content


class Rival:
    """A demo in a separate process, with functions to start it and to query each route."""

    def __init__(self, folder: Path, hub: str, *command: str, **environment: str):
        self._folder, self._command, self._environment = folder, command, environment
        self._hub = hub

    @contextlib.contextmanager
    def running(self) -> Iterator["Rival"]:
        """Run the demo; set `first` to the number of seconds until all routes have answered."""
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        environment = {
            "HF_ENDPOINT": self._hub,
            "HF_HOME": str(self._folder / "hf"),
            "HF_HUB_DISABLE_XET": "1",
        }
        environment |= {
            "SPACEHUB_APP_PORT": str(port),
            "GRADIO_ANALYTICS_ENABLED": "False",
        } | self._environment
        command = [sys.executable, *(part.format(port=port) for part in self._command)]
        began = time.perf_counter()
        with open(self._folder / "log", "w") as log:
            process = subprocess.Popen(
                command,
                env=clean_environment() | environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.process = psutil.Process(process.pid)
        try:
            for route in ROUTES:
                while True:
                    with contextlib.suppress(*FAILURES), Client(self, 120) as client:
                        self.ask(client, route, 1)
                        break
                    if process.poll() is not None or time.perf_counter() - began > 300:
                        sys.exit((self._folder / "log").read_text()[-2000:])
                    time.sleep(0.05)
            self.first = time.perf_counter() - began
            yield self
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()

    def memory(self) -> float:
        """Return the resident memory of the demo and its child processes in MB."""
        total = 0
        for process in (self.process, *self.process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                total += process.memory_info().rss
        return total / 2**20

    def call(self, client: Client, name: str, given: list):
        """Call an endpoint over plain HTTP, as a program does; return the answer."""
        path = f"/gradio_api/call/{name}"
        event = json.loads(client.ask("POST", path, json.dumps({"data": given}).encode()))["event_id"]
        response = client.ask("GET", f"{path}/{event}").decode()
        _, complete, answer = response.rpartition("event: complete\ndata: ")
        if not complete:
            raise RuntimeError(response[-500:])
        return json.loads(answer)

    def upload(self, client: Client, raw: bytes, name: str = "a.png") -> dict:
        """Upload a file; return its description."""
        edge = b"edge-of-a-part"
        head = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
        body = b"--" + edge + b"\r\n" + head + raw + b"\r\n--" + edge + b"--\r\n"
        kind = f"multipart/form-data; boundary={edge.decode()}"
        [path] = json.loads(client.ask("POST", "/gradio_api/upload", body, kind))
        return {"path": path, "meta": {"_type": "gradio.FileData"}, "orig_name": name}


class Ours(Rival):
    """The app."""

    def ask(self, client: Client, route: str, number: int) -> object:
        """Query one route."""
        if route == "landing":
            flight = FLIGHT | {"payload_mass_kg": 3000 + number * 37 % 12_000}
            given = [*(flight[name] for name in ORDER), None, None, None, None]
            return self.call(client, "predict_landing", given)
        if route == "picture":
            return self.call(client, "classify_picture", [self.upload(client, PICTURES[number % 20]), None])
        if route == "title":
            return self.call(client, "classify_title", [f"{TITLES[number % 6]} {number}"])
        return self.call(client, "fly_lander", ["ppo", number % 1000, -10.0, 0.0, 0.0])


class OneFile(Rival):
    """The one-file demo."""

    def ask(self, client: Client, route: str, number: int) -> object:
        """Query one route."""
        if route == "landing":
            flight = FLIGHT | {"payload_mass_kg": 3000 + number * 37 % 12_000}
            return self.call(client, "landing", [json.dumps(flight)])
        if route == "picture":
            return self.call(client, "picture", [self.upload(client, PICTURES[number % 20])])
        if route == "title":
            return self.call(client, "title", [f"{TITLES[number % 6]} {number}"])
        return self.call(client, "fly", [number % 1000])


def pictures() -> list[bytes]:
    """Return twenty small green pictures as PNG."""
    random_numbers, files = np.random.default_rng(0), []
    for _ in range(20):
        pixels = random_numbers.normal(90, 12, (64, 64, 3)) + np.array([0, 20, 10])
        file = io.BytesIO()
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "PNG")
        files.append(file.getvalue())
    return files


PICTURES = pictures()


def ours(folder: Path, hub: str) -> Ours:
    """Return the app, with its caches in `folder`."""
    return Ours(folder, hub, "-m", "space_app.app", SPACEHUB_HOME=str(folder))


def one_file(folder: Path, hub: str) -> OneFile:
    """Return the one-file demo, with its caches in `folder`."""
    return OneFile(folder, hub, "-m", "benchmarks.one_file_demo", "{port}", TRUST_REMOTE_CODE="True")


@contextlib.contextmanager
def hub_with_models() -> Iterator[str]:
    """Yield the address of the Hub in HF_ENDPOINT or, by default, of a Hub that serves what `make demo` has published.

    If the models of the four routes are missing, print a message and exit.
    """
    chosen, process = os.environ.get("HF_ENDPOINT"), None
    if not chosen:
        if not (home() / "hub").is_dir():
            sys.exit(
                "Skipped: nothing is published on this machine. Run `make demo`, or set HF_ENDPOINT "
                "to a Hub that has the models."
            )
        process = HubProcess(home())
        chosen = process.endpoint
    try:
        os.environ["HF_ENDPOINT"] = chosen
        missing = [key for key in ("landing", "satellite", "titles", "lander") if not _published(key)]
        if missing:
            print(
                f"Skipped: {chosen} does not have {', '.join(missing)}. Run: spacehub publish {' '.join(missing)}"
            )
            sys.exit(0)
        yield chosen
    finally:
        if process:
            stop(process.process)


def _published(key: str) -> bool:
    return endpoint.published_commit(catalogue.find(key).repo_id, repo_type="model") is not None
