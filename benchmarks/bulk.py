"""Measure how fast the app's endpoints process many rows, compared with the same predictors called in this process.

    python -m benchmarks.bulk [--titles 5000] [--flights 20000] [--json FILE]

The app uses the Hub in HF_ENDPOINT or, by default, a Hub that serves the models published by `make demo`. The app and
the predictors use the same number of threads.
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
    """Return the median number of rows per second over `RUNS` calls, after one warm-up call."""
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
        # The endpoint returns a file, so the predictor writes a file too.
        flights.sheet.save(folder / "answered.csv", flights.answers)

    with Client(app) as client:

        def file_answer(name: str, path: Path) -> None:
            app.call(client, name, [app.upload(client, path.read_bytes(), path.name)])

        def reconnected(call: Callable[[], None]) -> Callable[[], None]:
            """Return a function that calls over a new connection.

            The server closes connections that stay idle while the predictors run.
            """

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
    """Start the app, measure, and print the report, in which *theirs* is the predictor alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--titles", type=int, default=5000, help="number of titles")
    parser.add_argument("--flights", type=int, default=20_000, help="number of flights")
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    given = parser.parse_args()
    with rivals.hub_with_models() as hub, tempfile.TemporaryDirectory() as base:
        app = rivals.ours(Path(base), hub)
        with app.running():
            rows = measure(app, Path(base), given.titles, given.flights)
    report(rows, given.json)


if __name__ == "__main__":
    main()
