"""Measure the whole app as visitors and programs use it, compared with a one-file demo in the same run.

    python -m benchmarks.app [--users 32] [--seconds 45] [--sessions 2000] [--json FILE]

The app and the demo use the same Hub: the Hub in HF_ENDPOINT or, by default, the Hub that `make demo` has filled. The
benchmark starts both twice, and measures the second start, with a warm cache. For both, the benchmark measures the
time until all four routes have answered, the response times for one user and for many users at once, and the memory
use. For the app alone, the benchmark also measures the response time for titles while ten heavy jobs run (compared with
an idle app), and the memory use over thousands of sessions.
"""

import argparse
import concurrent.futures
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import rivals
from benchmarks.report import report, row
from benchmarks.rivals import FAILURES, FLIGHT, PICTURES, ROUTES, TITLES, Client, Ours, Rival

MIX = ["title"] * 4 + ["picture"] * 3 + ["landing"] * 2 + ["flight"]
ALONE = 25


def alone(rival: Rival) -> dict[str, float]:
    """Return the median response time of each route for one user, in milliseconds."""
    medians = {}
    with Client(rival) as client:
        for route in ROUTES:
            taken = [_timed(lambda n=n, route=route: rival.ask(client, route, n)) for n in range(ALONE)]
            medians[route] = 1000 * statistics.median(taken)
    return medians


def bare() -> dict[str, float]:
    """Return the median time of each route's predictor, called directly in this process, in milliseconds."""
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
    """Send a mixed load; return the answers per second, the 95th percentile (ms), the answers and the errors."""
    taken, errors, lock, end = [], [], threading.Lock(), time.perf_counter() + seconds

    def user(number: int) -> None:
        choose = random.Random(number)
        with Client(rival) as client:
            asked = number * 1000
            while time.perf_counter() < end:
                asked, route = asked + 1, choose.choice(MIX)
                try:
                    latency = _timed(lambda route=route, asked=asked: rival.ask(client, route, asked))
                except FAILURES as error:
                    client.close()
                    with lock:
                        errors.append(error)
                    time.sleep(0.2)
                    continue
                with lock:
                    taken.append(latency)

    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(users) as pool:
        list(pool.map(user, range(users)))
    elapsed = time.perf_counter() - began
    return len(taken) / elapsed, 1000 * float(np.quantile(taken, 0.95)), len(taken), len(errors)


def beside_heavy(app: Ours) -> tuple[float, float]:
    """Return the median response time for a title in ms, during ten runs of a hundred flights each and without them."""
    over = threading.Event()

    def fly(number: int) -> None:
        with Client(app) as client:
            while not over.is_set():
                try:
                    app.call(client, "fly_lander_many", ["ppo", 100 * number, 100])
                except FAILURES:
                    client.close()
                    time.sleep(0.5)  # A visitor can run three jobs at once; the others wait.

    with Client(app) as client:

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
    """Alternate page visits and calls; return the memory in MB at the start and after each fifth of `sessions`."""
    seen = [app.memory()]
    with Client(app) as client:
        for part in range(5):
            for number in range(part * sessions // 5, (part + 1) * sessions // 5):
                if number % 2:
                    client.ask("GET", "/")
                else:
                    app.ask(client, "title", number)
            seen.append(app.memory())
    return seen


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def main() -> None:
    """Measure the app and the demo, and print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--users", type=int, default=32, help="number of users at the same time")
    parser.add_argument("--seconds", type=float, default=45, help="duration of the load in seconds")
    parser.add_argument(
        "--sessions",
        type=int,
        default=2000,
        help="number of sessions for the memory measurement (0 skips it)",
    )
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    given = parser.parse_args()
    with rivals.hub_with_models() as hub, tempfile.TemporaryDirectory() as base:
        compare(hub, Path(base), given)


def compare(hub: str, base: Path, given: argparse.Namespace) -> None:
    """Measure the app and the demo on the same Hub, and print the measurements and the table."""
    heavy, results = None, {}
    for name, start in ("ours", rivals.ours), ("theirs", rivals.one_file):
        (base / name).mkdir()
        rival = start(base / name, hub)
        with rival.running():
            pass  # the first start fills the cache with files from the Hub
        with rival.running():
            rest, medians = rival.memory(), alone(rival)
            load = together(rival, given.users, given.seconds)
            results[name] = (rival.first, rest, medians, load, rival.memory())
            print(f"{name}: {load[2]} answers to {given.users} users, {load[3]} errors", flush=True)
            if isinstance(rival, Ours):
                heavy = beside_heavy(rival)
                if given.sessions:
                    steps = [round(megabytes) for megabytes in growth(rival, given.sessions)]
                    print(f"memory in MB over {given.sessions} sessions: {steps}", flush=True)
    ours, theirs = results["ours"], results["theirs"]
    predictors = bare()
    added = ", ".join(f"{route} {ours[2][route] - predictors[route]:.1f}" for route in ROUTES)
    print(f"time added to the predictor alone, ms: {added}", flush=True)
    n = min(ours[3][2], theirs[3][2])
    report(
        [
            row("first answer of all routes", ours[0], theirs[0], "s", 1),
            *(row(f"one user, {route}", ours[2][route], theirs[2][route], "ms", ALONE) for route in ROUTES),
            row(f"{given.users} users, answers", ours[3][0], theirs[3][0], "1/s", n),
            row(f"{given.users} users, 95th percentile", ours[3][1], theirs[3][1], "ms", n),
            row("memory at rest", ours[1], theirs[1], "MB", 1),
            row("memory after the load", ours[4], theirs[4], "MB", 1),
            row("title with ten heavy jobs (theirs: the idle app)", *heavy, "ms", 60),
        ],
        given.json,
    )


if __name__ == "__main__":
    main()
