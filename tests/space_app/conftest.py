"""The app as a process of its own over a real Hub, its client, and a browser that looks at it."""

import contextlib
import functools
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from gradio_client import Client

from space_app.lab.shared.picture_choice import EUROSAT
from spacehub import browser
from tests import colour_model, title_model
from tests.npm import installed
from tests.processes import ROOT, HubProcess, clean_environment, free_port, stop, wait_for

AXE = "axe-core@4.10.3"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    # All pages share one process, which keeps Gradio's scripts compiled: see `Chromium`.
    "--renderer-process-limit=1",
]

# By default, the client's requests time out after 5 s, which is too short while other tests run.
PATIENT = {"timeout": 60}
LEAVING = ("AbortError", "Unexpected error Connection errored out", "Unexpected error 404: Not Found")


class AppProcess:
    """The app on one Hub; it needs no token to read public repositories."""

    def __init__(self, folder: Path, hub: HubProcess, *command: str, cwd: Path = ROOT, **environment: str):
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}/"
        self.log = folder / "app.log"
        variables = {
            "HF_ENDPOINT": hub.endpoint,
            "HF_HOME": str(folder / "huggingface"),
            "HOME": str(folder),
            "SPACEHUB_APP_PORT": str(self.port),
        }
        with open(self.log, "w") as file:
            self.process = subprocess.Popen(
                command or (sys.executable, "-m", "space_app.app"),
                env=clean_environment() | variables | environment,
                cwd=cwd,
                stdout=file,
                stderr=file,
            )
        wait_for(self.address, self.process, self.log)

    def client(self) -> Client:
        return Client(self.address, verbose=False, httpx_kwargs=PATIENT)

    def lab(self, key: str) -> Client:
        """Return the client of an experiment's page."""
        return Client(f"{self.address}lab/{key}/", verbose=False, httpx_kwargs=PATIENT)

    @contextlib.contextmanager
    def stopped_workers(self):
        """Suspend the processes that the app computes in, so that a job does not end by itself."""
        workers = psutil.Process(self.process.pid).children(recursive=True)
        for worker in workers:
            worker.suspend()
        yield
        for worker in workers:
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.resume()

    def call(self, name: str, *given, page: str = "") -> str:
        """Call an endpoint of the front page, or of one such as ``lab/orbits/``, as bare HTTP; return all that it says."""
        address = f"{self.address}{page}gradio_api/call/{name}"
        body = json.dumps({"data": given}).encode()
        request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            event = json.load(answer)["event_id"]
        with urllib.request.urlopen(f"{address}/{event}", timeout=30) as answer:
            return answer.read().decode()


class Chromium:
    """A browser that keeps what may be kept, so that not every page compiles Gradio's scripts again."""

    def __init__(self, launch: Callable):
        self._launch, self._browser, self._context = launch, None, None

    def new_page(self):
        """Open an empty page next to the others."""
        if self._context is None or not self._browser.is_connected():
            self._context = self.new_context()
        return self._context.new_page()

    def new_context(self, **options):
        """Return a visitor of its own, who has kept nothing."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._launch()
            # The process of the pages would end with the last of them: this one stays open.
            self._browser.new_page()
        return self._browser.new_context(**options)

    def close(self) -> None:
        if self._browser:
            self._browser.close()


@pytest.fixture(scope="session")
def app(published, tmp_path_factory):
    running = AppProcess(tmp_path_factory.mktemp("app"), published)
    yield running
    stop(running.process)
    assert "Traceback" not in running.log.read_text()


@pytest.fixture(scope="session")
def client(app):
    return app.client()


@pytest.fixture(scope="session")
def lab(app):
    """Return the client of an experiment's page, by its key."""
    return functools.cache(app.lab)


@pytest.fixture(scope="session")
def stocked(tmp_path_factory):
    """An app over a Hub with three datasets of the real command, and two models whose answers are known.

    The modules that use it are in `SHARED`, so that one worker starts it for all of them.
    """
    folder = tmp_path_factory.mktemp("stocked")
    pictures = colour_model.write_dataset(folder / "pictures")
    colour_model.add_speckled(pictures, set(EUROSAT) - {"River"})
    hub = HubProcess(folder / "hub")
    hub.push(pictures, "spacehub/eurosat-rgb", "dataset")
    hub.push(colour_model.write_model(folder / "colours"), "spacehub/eurosat-land-use")
    hub.push(title_model.write_dataset(folder / "titles"), "spacehub/space-titles", "dataset")
    hub.push(title_model.write_model(folder / "words"), "spacehub/space-titles-bert")
    hub.build("space-images", "falcon9-telemetry", "meteorite-landings")
    running = AppProcess(folder / "app", hub)
    running.built = hub.artefacts
    yield running
    stop(running.process)
    stop(hub.process)
    assert "Traceback" not in running.log.read_text()


@pytest.fixture(scope="session")
def caller(stocked):
    return stocked.client()


@pytest.fixture(scope="module")
def ask(stocked, request):
    """Call an endpoint of the experiment that the module's `PAGE` names, over the stocked Hub."""
    client = stocked.lab(request.module.PAGE)
    return lambda name, **given: client.predict(**given, api_name=f"/lab_{name}")


@pytest.fixture(scope="module")
def full(built) -> bool:
    """Whether the raw files of the dataset's full config could be had."""
    return json.loads((built / "build.json").read_text(encoding="utf-8"))["config"] == "full"


@pytest.fixture(scope="session")
def chromium():
    # The headless shell draws the same pages with two thirds of the processor time.
    path = shutil.which("chromium-headless-shell") or browser.chromium()
    if path is None:
        reason = "there is no Chromium to drive the page with (apt install chromium-headless-shell)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = Chromium(
            functools.partial(playwright.chromium.launch, executable_path=path, args=CHROMIUM_ARGUMENTS)
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Return axe-core's script, which npm fetches once into the cache."""
    return (installed(AXE) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@contextlib.contextmanager
def opened_pages(chromium):
    """Give what opens an app's pages; at the end no request may have left loopback and the console must be clean."""
    pages, requests, complaints = [], [], []

    def complain(text: str) -> None:
        # What Gradio's page prints about its streams while another page replaces it.
        if not text.startswith(LEAVING):
            complaints.append(text)

    def open_it(app: AppProcess, path: str = "", *, width: int = 1280, dark: bool = False, wait: bool = True):
        page = chromium.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.set_default_timeout(150_000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda line: line.type == "error" and complain(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(app.address + path, wait_until="load" if wait else "commit")
        if wait:
            page.wait_for_selector(".bench, .checkpoints" if path else "[data-key]")
        return page

    yield open_it
    for page in (page for page in pages if not page.is_closed()):
        page.evaluate("localStorage.clear()")
        page.close()
    local = ("http://127.0.0.1:", "data:", "blob:")
    assert [url for url in requests if not url.startswith(local)] == []
    assert complaints == []
    assert requests


@pytest.fixture
def open_page(chromium):
    """Open an app's page for one test."""
    with opened_pages(chromium) as open_it:
        yield open_it


@pytest.fixture(scope="module")
def open_shared(chromium):
    """Open an app's page for the tests of a module, as opening one costs two seconds of processor time or more."""
    with opened_pages(chromium) as open_it:
        yield open_it


@pytest.fixture(scope="session")
def screenshots() -> Callable:
    """Return what takes a screenshot of a page, or of a part, if SPACEHUB_SCREENSHOTS names a folder for them."""
    folder = os.environ.get("SPACEHUB_SCREENSHOTS")

    def take(seen, name: str, **options) -> None:
        if folder:
            seen.screenshot(path=Path(folder) / name, **options)

    return take
