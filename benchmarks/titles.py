"""Measure how fast the app classifies titles, compared with transformers' pipeline on the same model.

    python -m benchmarks.titles [FOLDER [TITLES]] [--threads 2] [--json FILE]

FOLDER is an artefact folder or a snapshot of the published model. TITLES is a CSV file with a `title` column. If the
file also has a `label` column (1 or space for *space*), the benchmark also reports the F1. By default, the benchmark
uses the newest model and the dataset that were built on this machine.

*ours* predicts with the eight-bit model, and *theirs* with ``pipeline("text-classification")``. The two take turns in
one process, and both tokenise texts with the given number of threads. *theirs* uses all threads for each batch. *ours*
uses one thread for each batch, and processes one batch per thread at the same time. A single title is one batch. The last
row starts fresh processes in turn, and measures the time until the first answer.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from transformers import pipeline

from benchmarks import trained
from benchmarks.report import report, row
from spacehub.home import home
from spacehub.serving.titles.predictor import TitlesPredictor

ONE_BY_ONE, BULK, BATCH, ROUNDS, STARTS = 200, 2_000, 32, 5, 5
OURS = """
import sys
from pathlib import Path
from spacehub.serving.titles.predictor import TitlesPredictor
print(TitlesPredictor(Path(sys.argv[1]), threads=int(sys.argv[3])).chances([sys.argv[2]])[0], flush=True)
"""
THEIRS = """
import sys
import torch
from transformers import pipeline
torch.set_num_threads(int(sys.argv[3]))
print(pipeline("text-classification", model=sys.argv[1], device="cpu")(sys.argv[2])[0]["score"], flush=True)
"""


def spread(table: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return at most `count` rows, evenly spaced over the table."""
    return table.iloc[np.linspace(0, len(table) - 1, min(count, len(table))).astype(int)]


def rates(answerers: dict[str, Callable[[], object]], count: int) -> dict[str, float]:
    """Run the functions in turn on `count` texts; return the median texts per second of each function."""
    seconds: dict[str, list[float]] = {name: [] for name in answerers}
    for _ in range(ROUNDS):
        for name, answer in answerers.items():
            start = time.perf_counter()
            answer()
            seconds[name].append(time.perf_counter() - start)
    return {name: count / statistics.median(taken) for name, taken in seconds.items()}


def starts(folder: Path, text: str, threads: int) -> tuple[float, float]:
    """Return the median seconds from the start of a fresh process to its first answer, for ours and theirs."""
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"}
    seconds: dict[str, list[float]] = {OURS: [], THEIRS: []}
    for turn in range(STARTS + 1):
        for code, taken in seconds.items():
            start = time.perf_counter()
            command = [sys.executable, "-c", code, str(folder), text, str(threads)]
            with subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            ) as process:
                assert 0 < float(process.stdout.readline()) <= 1
                if turn:  # the first start fills the disk cache
                    taken.append(time.perf_counter() - start)
    return statistics.median(seconds[OURS]), statistics.median(seconds[THEIRS])


def f1(said: np.ndarray, labels: np.ndarray) -> float:
    """Return the F1 of *space*, in percent."""
    return float(200 * (said & labels).sum() / (said.sum() + labels.sum()))


def measure(folder: Path, table: pd.DataFrame, threads: int) -> list[dict]:
    """Measure titles one by one and in bulk, and how often the labels agree."""
    os.environ["RAYON_NUM_THREADS"] = str(
        threads
    )  # the tokenizers library reads this variable, for ours and theirs
    torch.set_num_threads(threads)
    ours = TitlesPredictor(folder, threads=threads)
    theirs = pipeline("text-classification", model=str(folder), device="cpu")
    several, few = (spread(table, count)["title"].tolist() for count in (BULK, ONE_BY_ONE))
    by_length = sorted(several, key=len)
    one_by_one = rates(
        {
            "ours": lambda: [ours.chances([text]) for text in few],
            "theirs": lambda: [theirs(text, truncation=True) for text in few],
        },
        len(few),
    )
    bulk = rates(
        {
            "ours": lambda: ours.chances(several),
            "theirs": lambda: theirs(several, batch_size=BATCH, truncation=True),
            "sorted": lambda: theirs(by_length, batch_size=BATCH, truncation=True),
        },
        len(several),
    )
    kind = f"{'int8' if ours.int8_agrees else 'fp32'}, {threads} {'thread' if threads == 1 else 'threads'}"
    rows = [
        row(f"one by one, {kind}", one_by_one["ours"], one_by_one["theirs"], "text/s", ROUNDS),
        row(f"bulk, {kind}, theirs in batches of {BATCH}", bulk["ours"], bulk["theirs"], "text/s", ROUNDS),
        row(f"bulk, {kind}, theirs sorted by length", bulk["ours"], bulk["sorted"], "text/s", ROUNDS),
    ]

    every = table["title"].tolist()
    answers = theirs(every, batch_size=BATCH, truncation=True, top_k=None)
    chances = np.array(
        [{item["label"]: item["score"] for item in answer}[ours.labels[1]] for answer in answers]
    )
    is_space = [predicted >= ours.threshold for predicted in (ours.chances(every), chances)]
    rows.append(
        row("same label as theirs", float((is_space[0] == is_space[1]).mean()), 1.0, "share", len(every))
    )
    if "label" in table:
        labels = table["label"].astype(str).isin(("1", ours.labels[1])).to_numpy()
        rows.append(row("F1 of space", f1(is_space[0], labels), f1(is_space[1], labels), "%", len(every)))
    rows.append(row(f"start to first answer, {kind}", *starts(folder, few[0], threads), "s", STARTS))
    return rows


def read(path: Path | None) -> pd.DataFrame:
    """Return the titles of a CSV file, or the test split of the dataset that was built here."""
    if path is not None:
        return pd.read_csv(path, keep_default_na=False)
    split = next((home() / "artefacts" / "space-titles").glob("*/test-*.parquet"), None)
    if split is None:
        sys.exit(
            "The dataset space-titles was not built on this machine. Give a CSV file with titles after "
            "the folder."
        )
    return pd.read_parquet(split)


def main() -> None:
    """Run the benchmark with the options given on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "folder", type=Path, nargs="?", help="artefact folder or snapshot of the titles model"
    )
    parser.add_argument(
        "titles", type=Path, nargs="?", help="CSV file with a title column, and optionally a label column"
    )
    parser.add_argument("--threads", type=int, default=2, help="number of threads (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    options = parser.parse_args()
    folder = trained.folder(options.folder, "titles")
    report(measure(folder, read(options.titles), options.threads), options.json)


if __name__ == "__main__":
    main()
