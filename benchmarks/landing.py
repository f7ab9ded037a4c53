"""Measure the landing model in the app, compared with the scikit-learn model that a user would load.

    python -m benchmarks.landing [--folder DIR] [--repeats 200] [--json FILE]

Both models predict the same flights on one thread. *ours* starts from raw fields and checks all of them. *theirs*
calls `skops.io.load(...).predict_proba(...)` on a prepared DataFrame. Without `--folder`, the benchmark first trains a
small model, which takes half a minute.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks.report import report, row
from localhub import LocalHub
from spacehub.models.landing.storage import load
from spacehub.serving.landing import LandingPredictor

MANY = 10_000
OURS = """
from pathlib import Path
from spacehub.serving.landing import LandingPredictor
predictor = LandingPredictor(Path({folder!r}))
print(predictor.predict(predictor.check(predictor.examples()[0].flight)))
"""
THEIRS = """
from pathlib import Path
import pandas as pd
from spacehub.models.landing.storage import load
flights = pd.read_csv(Path({folder!r}) / "predictions.csv")
print(load(Path({folder!r})).predict_proba(flights.nlargest(1, "probability"))[0, 1])
"""


def milliseconds(action: Callable[[], object], repeats: int) -> float:
    """Return the median time of an action in milliseconds, after one warm-up call."""
    action()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def compare(name: str, ours: Callable, theirs: Callable, repeats: int) -> dict:
    """Measure both in turn, in four rounds, so that other load on the machine affects both equally."""
    rounds = [
        (milliseconds(ours, max(repeats // 4, 1)), milliseconds(theirs, max(repeats // 4, 1)))
        for _ in range(4)
    ]
    first, second = (statistics.median(side) for side in zip(*rounds, strict=True))
    return row(name, first, second, "ms", 4 * max(repeats // 4, 1))


def measure(folder: Path, repeats: int) -> list[dict]:
    """Check that the predictions agree, and measure one flight, many flights, and a cold start."""
    predictor, model = LandingPredictor(folder), load(folder)
    flight = predictor.examples()[0].flight
    frame = pd.DataFrame([flight])
    many = pd.concat([predictor.flights] * (MANY // len(predictor.flights) + 1)).head(MANY)
    columns = {
        field.name: many[field.name].to_numpy(dtype="float32" if field.is_number else object)
        for field in predictor.fields
    }
    difference = abs(predictor.probabilities(columns) - model.predict_proba(many)[:, 1]).max()
    if difference > 1e-5:
        raise SystemExit(
            f"The predictions of the ONNX model and the skops model differ by up to {difference}."
        )
    cold = [[sys.executable, "-c", script.format(folder=str(folder))] for script in (OURS, THEIRS)]
    return [
        compare(
            "one flight, checked",
            lambda: predictor.predict(predictor.check(flight)),
            lambda: model.predict_proba(frame),
            repeats,
        ),
        compare(
            f"{MANY:,} flights",
            lambda: predictor.probabilities(columns),
            lambda: model.predict_proba(many),
            min(repeats, 20),
        ),
        compare(
            "start to first answer",
            lambda: subprocess.run(cold[0], check=True, capture_output=True),
            lambda: subprocess.run(cold[1], check=True, capture_output=True),
            4,
        ),
    ]


def train(folder: Path) -> Path:
    """Train a small model on a temporary Hub."""
    with LocalHub():
        for arguments in (
            ["build_datasets"],
            ["train_landing", "--preset", "quick", "--output", str(folder)],
        ):
            module, *options = arguments
            subprocess.run([sys.executable, "-m", f"train_scripts.{module}", *options], check=True)
    return folder


def main() -> None:
    """Run the benchmark with the options given on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, help="artefact folder of the landing model")
    parser.add_argument("--repeats", type=int, default=200, help="number of measurements for one flight")
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or train(Path(scratch) / "landing")
        report(measure(folder, options.repeats), options.json)


if __name__ == "__main__":
    main()
