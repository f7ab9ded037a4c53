"""The whole app as visitors and programs meet it, next to a demo in one file, in one run.

    HF_ENDPOINT=http://127.0.0.1:7870 python -m benchmarks.app [--users 32] [--seconds 45] [--json FILE]

Both are started twice, on the same Hub: the second start is warm. Measured are the first correct answer of all four
routes, the answer to one user, answers to many users at once, and memory. Then, of the app alone: titles while ten
heavy jobs run (against quiet), and memory over thousands of sessions. `make demo` fills such a Hub.
"""

import argparse
import concurrent.futures
import contextlib
import io
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2 as httpx
import numpy as np
import psutil
from PIL import Image

from benchmarks.report import report, row
from tests.processes import ROOT, clean_environment, free_port

ROUTES = ("landing", "picture", "title", "flight")
MIX = ["title"] * 4 + ["picture"] * 3 + ["landing"] * 2 + ["flight"]
ALONE = 25
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


class Rival:
    """A demo in a process of its own: how it is started, and how each route is asked."""

    def __init__(self, folder: Path, hub: str, *command: str, **environment: str):
        self._folder, self._command, self._environment = folder, command, environment
        self._hub = hub

    @contextlib.contextmanager
    def running(self) -> Iterator["Rival"]:
        """Run it; `first` has the seconds until all routes have answered."""
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        said = {"HF_ENDPOINT": self._hub, "HF_HOME": str(self._folder / "hf"), "HF_HUB_DISABLE_XET": "1"}
        said |= {"SPACEHUB_APP_PORT": str(port), "GRADIO_ANALYTICS_ENABLED": "False"} | self._environment
        command = [sys.executable, *(part.format(port=port) for part in self._command)]
        began = time.perf_counter()
        with open(self._folder / "log", "w") as log:
            process = subprocess.Popen(
                command,
                env=clean_environment() | said,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.process = psutil.Process(process.pid)
        try:
            with httpx.Client(timeout=120, trust_env=False) as client:
                for route in ROUTES:
                    while True:
                        with contextlib.suppress(httpx.HTTPError, RuntimeError):
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
        """Return the resident memory of it and its children in MB."""
        total = 0
        for process in (self.process, *self.process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                total += process.memory_info().rss
        return total / 2**20

    def call(self, client: httpx.Client, name: str, given: list):
        """Call an endpoint as a program does over plain HTTP; return its answer."""
        address = f"{self.address}/gradio_api/call/{name}"
        answer = client.post(address, json={"data": given})
        answer.raise_for_status()
        with client.stream("GET", f"{address}/{answer.json()['event_id']}") as stream:
            event = None
            for line in stream.iter_lines():
                if line.startswith("event:"):
                    event = line[6:].strip()
                elif event == "complete":
                    return json.loads(line[5:])
                elif event == "error":
                    raise RuntimeError(line)
        raise RuntimeError("no answer")

    def upload(self, client: httpx.Client, raw: bytes) -> dict:
        """Upload a picture; return its description."""
        address = f"{self.address}/gradio_api/upload"
        answer = client.post(address, files={"files": ("a.png", raw, "image/png")})
        answer.raise_for_status()
        return {"path": answer.json()[0], "meta": {"_type": "gradio.FileData"}, "orig_name": "a.png"}


class Ours(Rival):
    """The app."""

    def ask(self, client: httpx.Client, route: str, number: int) -> object:
        """Ask one route."""
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
    """The demo in one file."""

    def ask(self, client: httpx.Client, route: str, number: int) -> object:
        """Ask one route."""
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


def alone(rival: Rival) -> dict[str, float]:
    """Return the median milliseconds of each route for one user."""
    medians = {}
    with httpx.Client(timeout=120, trust_env=False) as client:
        for route in ROUTES:
            taken = [_timed(lambda n=n, route=route: rival.ask(client, route, n)) for n in range(ALONE)]
            medians[route] = 1000 * statistics.median(taken)
    return medians


def bare() -> dict[str, float]:
    """Return the median milliseconds of each route's predictor alone, called in this process."""
    from huggingface_hub import snapshot_download

    from spacehub import catalogue
    from spacehub.serving.lander.agents import OnnxAgent
    from spacehub.serving.lander.conditions import Conditions
    from spacehub.serving.lander.flight import fly
    from spacehub.serving.landing import LandingPredictor
    from spacehub.serving.satellite import decode
    from spacehub.serving.satellite.predictor import SatellitePredictor
    from spacehub.serving.titles.predictor import TitlesPredictor

    def pulled(key: str) -> Path:
        return Path(snapshot_download(catalogue.find(key).repo_id))

    landing, satellite, titles = (
        kind(pulled(key))
        for kind, key in (
            (LandingPredictor, "landing"),
            (SatellitePredictor, "satellite"),
            (TitlesPredictor, "titles"),
        )
    )
    agent = OnnxAgent(pulled("lander") / "onnx" / "model.onnx")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "picture.png")
        path.write_bytes(PICTURES[0])

        def answer_landing(number: int) -> None:
            flight = landing.check(FLIGHT | {"payload_mass_kg": 3000 + number * 37 % 12_000})
            landing.predict(flight), landing.explain(flight), landing.similar(flight)

        answers = {
            "landing": answer_landing,
            "picture": lambda _: satellite.classify(decode.read(path)),
            "title": lambda number: titles.read(f"{TITLES[number % 6]} {number}"),
            "flight": lambda number: fly(agent, seed=number, conditions=Conditions()),
        }
        return {
            route: 1000 * statistics.median(_timed(lambda n=n, a=answer: a(n)) for n in range(ALONE))
            for route, answer in answers.items()
        }


def together(rival: Rival, users: int, seconds: float) -> tuple[float, float, int, int]:
    """Return answers a second, the 95th percentile in ms, the answers and the errors of a mixed load."""
    taken, errors, lock, end = [], [], threading.Lock(), time.perf_counter() + seconds

    def user(number: int) -> None:
        choose = random.Random(number)
        with httpx.Client(timeout=300, trust_env=False) as client:
            asked = number * 1000
            while time.perf_counter() < end:
                asked, route = asked + 1, choose.choice(MIX)
                try:
                    one = _timed(lambda route=route, asked=asked: rival.ask(client, route, asked))
                except (httpx.HTTPError, RuntimeError) as error:
                    with lock:
                        errors.append(error)
                    time.sleep(0.2)
                    continue
                with lock:
                    taken.append(one)

    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(users) as pool:
        list(pool.map(user, range(users)))
    elapsed = time.perf_counter() - began
    return len(taken) / elapsed, 1000 * float(np.quantile(taken, 0.95)), len(taken), len(errors)


def beside_heavy(app: Ours) -> tuple[float, float]:
    """Return the median milliseconds of a title while ten hundred-flight runs are in progress, and in quiet."""
    over = threading.Event()

    def fly(number: int) -> None:
        with httpx.Client(timeout=300, trust_env=False) as client:
            while not over.is_set():
                try:
                    app.call(client, "fly_lander_many", ["ppo", 100 * number, 100])
                except (httpx.HTTPError, RuntimeError):
                    time.sleep(0.5)  # a visitor has three at once, the others wait

    with httpx.Client(timeout=300, trust_env=False) as client:

        def title() -> float:
            return statistics.median(_timed(lambda n=n: app.ask(client, "title", n)) for n in range(60))

        quiet = title()
        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            for number in range(10):
                pool.submit(fly, number)
            time.sleep(3)
            busy = title()
            over.set()
    return 1000 * busy, 1000 * quiet


def growth(app: Ours, sessions: int) -> list[float]:
    """Return the memory in MB after each fifth of `sessions`: page visits and calls in turn."""
    seen = [app.memory()]
    with httpx.Client(timeout=60, trust_env=False) as client:
        for part in range(5):
            for number in range(part * sessions // 5, (part + 1) * sessions // 5):
                if number % 2:
                    client.get(f"{app.address}/").raise_for_status()
                else:
                    app.ask(client, "title", number)
            seen.append(app.memory())
    return seen


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def main() -> None:
    """Run both and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--users", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=45)
    parser.add_argument("--sessions", type=int, default=2000, help="0 leaves the memory over sessions out")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    hub = os.environ.get("HF_ENDPOINT")
    if not hub:
        sys.exit(
            "Set HF_ENDPOINT to a Hub that holds the models: `make demo` starts one at http://127.0.0.1:7870"
        )
    rows, notes, results = [], [], {}
    with tempfile.TemporaryDirectory() as base:
        folders = [Path(base, name) for name in ("ours", "theirs")]
        for folder in folders:
            folder.mkdir()
        rivals = [
            Ours(folders[0], hub, "-m", "space_app.app", SPACEHUB_HOME=str(folders[0])),
            OneFile(folders[1], hub, "-m", "benchmarks.one_file_demo", "{port}", TRUST_REMOTE_CODE="True"),
        ]
        for rival in rivals:
            with rival.running():
                pass  # what it pulls from the Hub is then in its cache
            with rival.running():
                rest, medians = rival.memory(), alone(rival)
                load = together(rival, given.users, given.seconds)
                results[type(rival)] = (rival.first, rest, medians, load, rival.memory())
                if isinstance(rival, Ours):
                    busy, quiet = beside_heavy(rival)
                    rows.append(row("title with ten heavy jobs (theirs: quiet)", busy, quiet, "ms", 60))
                    if given.sessions:
                        steps = growth(rival, given.sessions)
                        notes.append(
                            f"memory in MB over {given.sessions} sessions: {[round(one) for one in steps]}"
                        )
    ours, theirs = results[Ours], results[OneFile]
    rows.append(row("first answer of all routes", ours[0], theirs[0], "s", 1))
    rows += [row(f"one user, {route}", ours[2][route], theirs[2][route], "ms", ALONE) for route in ROUTES]
    alone_in_process = bare()
    notes.append(
        "added to the bare predictor, ms: "
        + ", ".join(f"{route} {ours[2][route] - alone_in_process[route]:.1f}" for route in ROUTES)
    )
    for place, name, unit in (0, "answers", "1/s"), (1, "95th percentile", "ms"):
        n = min(ours[3][2], theirs[3][2])
        rows.append(row(f"{given.users} users, {name}", ours[3][place], theirs[3][place], unit, n))
    rows.append(row("memory at rest", ours[1], theirs[1], "MB", 1))
    rows.append(row("memory after the load", ours[4], theirs[4], "MB", 1))
    report(rows, given.json)
    print(f"errors: ours {ours[3][3]}, theirs {theirs[3][3]}", *notes, sep="\n")


if __name__ == "__main__":
    main()
