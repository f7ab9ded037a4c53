"""Measure many rows through the app's endpoints, compared with the same predictor called in this process.

    python -m benchmarks.bulk [--titles 5000] [--flights 20000] [--json FILE]

The Hub is the one in HF_ENDPOINT, or one that serves what `make demo` has published. Both use the same
number of threads.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import rivals
from benchmarks.report import report, row
from benchmarks.rivals import TITLES, Client, Ours

RUNS = 5


def rate(rows: int, call: Callable[[], object]) -> float:
    """Return the median rows per second of `RUNS` calls, after one warm-up call."""
    call()
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return rows / statistics.median(taken)


def measure(app: Ours, folder: Path, titles: int, flights: int) -> list[dict]:
    """Measure titles in a list and in a file, and flights in a file."""
    from huggingface_hub import snapshot_download

    from spacehub import catalogue
    from spacehub.serving.landing import LandingPredictor
    from spacehub.serving.titles import texts
    from spacehub.serving.titles.predictor import TitlesPredictor

    landing, reader = (
        kind(Path(snapshot_download(catalogue.find(key).repo_id)))
        for kind, key in ((LandingPredictor, "landing"), (TitlesPredictor, "titles"))
    )
    many = [f"{TITLES[number % len(TITLES)]} {number}" for number in range(titles)]
    title_file, flight_file = folder / "titles.csv", folder / "flights.csv"
    title_file.write_text("title\n" + "\n".join(many), "utf-8")
    header, *examples = landing.template().splitlines()
    lines = [examples[number % len(examples)] for number in range(flights)]
    flight_file.write_text("\n".join([header, *lines]), "utf-8")

    def answered(flights) -> None:
        # The endpoint's answer is a file.
        flights.sheet.save(folder / "answered.csv", flights.answers)

    with Client(app) as client:

        def file_answer(name: str, path: Path) -> None:
            app.call(client, name, [app.upload(client, path.read_bytes(), path.name)])

        def reconnected(call: Callable[[], None]) -> Callable[[], None]:
            """Call over a new connection, because the server closes connections that are idle while the bare engine works."""

            def fresh() -> None:
                client.close()
                call()

            return fresh

        pairs = [
            (
                "titles in a list",
                titles,
                lambda: app.call(client, "classify_titles", [many]),
                lambda: texts.answer(texts.several(many), reader),
            ),
            (
                "titles in a file",
                titles,
                lambda: file_answer("classify_titles_file", title_file),
                lambda: texts.answer(texts.read_csv(title_file), reader),
            ),
            (
                "flights in a file",
                flights,
                lambda: file_answer("predict_landing_many", flight_file),
                lambda: answered(landing.predict_table(flight_file)),
            ),
        ]
        return [
            row(name, rate(rows, reconnected(ours)), rate(rows, bare), "1/s", RUNS)
            for name, rows, ours, bare in pairs
        ]


def main() -> None:
    """Start the app and report; *theirs* is the bare predictor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--titles", type=int, default=5000)
    parser.add_argument("--flights", type=int, default=20_000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with rivals.hub_with_models() as hub, tempfile.TemporaryDirectory() as base:
        app = rivals.ours(Path(base), hub)
        with app.running():
            rows = measure(app, Path(base), given.titles, given.flights)
    report(rows, given.json)


if __name__ == "__main__":
    main()
