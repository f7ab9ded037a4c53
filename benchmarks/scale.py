"""Measure how the time and memory of building, reading, training and the Hub grow with 1, 4 and 16 times the data.

    python -m benchmarks.scale [--only NAME ...] [--json FILE]

The benchmark measures each row once at each size, on generated data and in a fresh process.

- The time is processor time in seconds, so other load on the machine has little effect.
- The memory is the increase in the peak memory of the process.
- *growth* is the exponent that describes how the time grows from the smallest to the largest size. With an exponent of
  1, sixteen times the data takes sixteen times as long. With an exponent of 0, the time does not change.

The embedded Hub runs in a separate process. The times include the Hub's processor time, but the memory does not include
the Hub's memory.
"""

import argparse
import contextlib
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.processes import ROOT, HubProcess, clean_environment, stop

SIZES = (1, 4, 16)
REPO = "spacehub/scale"


def titles_build(size: int, scratch: Path) -> Callable[[], object]:
    """Clean `size` x 1,920 simulated posts, and group near-duplicates."""
    import pandas as pd

    from spacehub.data.space_titles import clean, groups, simulated

    parts = [simulated.raw(seed) for seed in range(size)]
    posts = pd.concat(
        [part.assign(id=part["id"] + f"-{n}") for n, part in enumerate(parts)], ignore_index=True
    )
    posts["url"] = "http://example.org/" + posts["id"]
    return lambda: groups.group(clean.clean(posts))


def flights(size: int):
    """Return `size` x 200 simulated launches as flights."""
    import pandas as pd

    from spacehub.data import falcon9_landings
    from spacehub.models.landing import make_flights

    return make_flights(pd.concat([falcon9_landings.simulate(seed)[0] for seed in range(size)]))


def landing_training(size: int, scratch: Path) -> Callable[[], object]:
    """Tune and fit the four landing candidates on the flights of `size` x 200 launches."""
    from spacehub.models.landing.candidates import TITLES
    from spacehub.models.landing.evaluation import PRESETS, search
    from spacehub.models.landing.features import NAMES

    known = flights(size)
    models = [search(name, plan=PRESETS["quick"], seed=0) for name in TITLES]
    return lambda: [model.fit(known[list(NAMES)], known["landed"].astype(int)) for model in models]


def titles_training(size: int, scratch: Path) -> Callable[[], object]:
    """Fine-tune the BERT for one epoch on `size` x 64 titles."""
    from dataclasses import replace

    import torch

    from spacehub.data import space_titles
    from spacehub.models.titles import base, bert
    from spacehub.models.titles.recipes import PRESETS
    from spacehub.models.titles.titles import of_tables
    from spacehub.models.tracking import Silent

    torch.set_num_threads(1)
    tables, _ = space_titles.simulate(0)
    titles = of_tables(tables, id="x", commit="x", config="simulated").fewer(train=64 * size, judged=20)
    recipe = replace(PRESETS["quick"].recipe, base=str(base.packaged()))
    settings = {"revision": "main", "seed": 0, "report": lambda done, total: None, "tracker": Silent()}
    return lambda: bert.fit(titles, recipe=recipe, folder=scratch, **settings)


def satellite_training(size: int, scratch: Path) -> Callable[[], object]:
    """Train a small network for one epoch on `size` x 128 images of 64 x 64 pixels."""
    import numpy as np
    import torch

    from spacehub.models.satellite import network, training
    from spacehub.models.satellite.recipes import Recipe
    from spacehub.models.tracking import Silent

    torch.set_num_threads(1)
    count = 128 * size
    pixels = np.random.default_rng(0).integers(0, 256, (count, 3, 64, 64), np.uint8)
    recipe = Recipe(architecture="test_efficientnet", weights="scratch", size=64, epochs=1)
    fresh_network = network.create(recipe.architecture, 10, size=64, drop=recipe.drop)
    settings = {"seed": 0, "report": lambda done, total: None, "tracker": Silent()}
    return lambda: training.fit(
        fresh_network,
        pixels,
        np.arange(count) % 10,
        classes=10,
        recipe=recipe,
        checkpoint=scratch / "n.pt",
        **settings,
    )


def dataset(size: int, scratch: Path) -> None:
    """Publish `size` x 2,000 rows of 4 KiB each as Parquet."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq
    from huggingface_hub import HfApi

    rng = np.random.default_rng(0)
    folder = scratch / "rows"
    folder.mkdir()
    with pq.ParquetWriter(
        folder / "train.parquet", pa.schema({"id": pa.int64(), "picture": pa.binary()})
    ) as file:
        for part in range(size * 8):
            rows = {
                "id": range(part * 250, part * 250 + 250),
                "picture": [rng.bytes(4096) for _ in range(250)],
            }
            file.write_table(pa.table(rows, schema=file.schema))
    HfApi().create_repo(REPO, repo_type="dataset")
    HfApi().upload_folder(repo_id=REPO, repo_type="dataset", folder_path=folder)


def read_all(size: int, scratch: Path) -> Callable[[], object]:
    """Download the dataset, and read all rows from memory-mapped Arrow files."""
    return _reading(size, scratch, streaming=False, most=None)


def stream_all(size: int, scratch: Path) -> Callable[[], object]:
    """Stream the dataset, and read all rows."""
    return _reading(size, scratch, streaming=True, most=None)


def stream_first(size: int, scratch: Path) -> Callable[[], object]:
    """Stream the dataset, and read the first 100 rows."""
    return _reading(size, scratch, streaming=True, most=100)


def _reading(size: int, scratch: Path, *, streaming: bool, most: int | None) -> Callable[[], object]:
    from itertools import islice

    from datasets import load_dataset

    dataset(size, scratch)
    # The first read also imports modules, which takes the same time at every size.
    local = {"data_files": str(scratch / "rows" / "train.parquet"), "cache_dir": str(scratch / "warm")}
    next(iter(load_dataset("parquet", split="train", streaming=True, **local)))

    def read() -> None:
        rows = load_dataset(REPO, split="train", streaming=streaming)
        assert sum(1 for _ in islice(rows, most)) == (most or 2000 * size)

    return read


def _files(size: int, scratch: Path):
    from huggingface_hub import HfApi

    folder = scratch / "files"
    for place in range(100 * size):
        path = folder / f"{place // 100}" / f"{place}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{place}\n" * 10)
    HfApi().create_repo(REPO)
    return HfApi(), folder


def hub_commit(size: int, scratch: Path) -> Callable[[], object]:
    """Commit `size` x 100 small files at once."""
    api, folder = _files(size, scratch)
    return lambda: api.upload_folder(repo_id=REPO, folder_path=folder)


def hub_listing(size: int, scratch: Path) -> Callable[[], object]:
    """List a repository with `size` x 100 files."""
    api, folder = _files(size, scratch)
    api.upload_folder(repo_id=REPO, folder_path=folder)
    return lambda: len(list(api.list_repo_tree(REPO, recursive=True, expand=False)))


def hub_one_more(size: int, scratch: Path) -> Callable[[], object]:
    """Commit one file to a repository with `size` x 100 files."""
    api, folder = _files(size, scratch)
    api.upload_folder(repo_id=REPO, folder_path=folder)
    return lambda: api.upload_file(repo_id=REPO, path_or_fileobj=b"more", path_in_repo="more.txt")


def hub_large_file(size: int, scratch: Path) -> Callable[[], object]:
    """Commit one file of `size` x 8 MiB."""
    from huggingface_hub import HfApi

    path = scratch / "weights.bin"
    path.write_bytes(os.urandom(8 * 2**20 * size))
    HfApi().create_repo(REPO)
    return lambda: HfApi().upload_file(repo_id=REPO, path_or_fileobj=path, path_in_repo="weights.bin")


def hub_download(size: int, scratch: Path) -> Callable[[], object]:
    """Download one file of `size` x 8 MiB."""
    from huggingface_hub import hf_hub_download

    hub_large_file(size, scratch)()
    return lambda: hf_hub_download(REPO, "weights.bin", cache_dir=scratch / "cache")


MEASURES = {
    "titles, clean and group": titles_build,
    "landing, tune and fit": landing_training,
    "titles, BERT, one epoch": titles_training,
    "satellite, one epoch": satellite_training,
}
OVER_A_HUB = {
    "dataset, download and read": read_all,
    "dataset, stream": stream_all,
    "dataset, stream 100 rows": stream_first,
    "Hub, commit many files": hub_commit,
    "Hub, list": hub_listing,
    "Hub, commit one more file": hub_one_more,
    "Hub, commit a large file": hub_large_file,
    "Hub, download a large file": hub_download,
}
NAMES = [*MEASURES, *OVER_A_HUB]


def spent(hub: int | None) -> float:
    """Return the processor time of this process and of the Hub's process, if it runs, in seconds."""
    times = [psutil.Process(pid).cpu_times() for pid in filter(None, (os.getpid(), hub))]
    return sum(time.user + time.system for time in times)


def peak_mib() -> float:
    """Return the peak memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one(name: str, size: int, hub: int | None) -> None:
    """Measure one row at one size, and print it as JSON."""
    with tempfile.TemporaryDirectory() as scratch:
        run = (MEASURES | OVER_A_HUB)[name](size, Path(scratch))
        memory, seconds = peak_mib(), spent(hub)
        run()
        print(json.dumps({"seconds": spent(hub) - seconds, "mib": peak_mib() - memory}))


def measure(name: str) -> dict:
    """Measure one row at all sizes, each in a fresh process and, if necessary, with a fresh Hub."""
    measured = [_measure(name, size) for size in SIZES]
    seconds = [max(result["seconds"], 0.01) for result in measured]  # the clock's resolution
    growth = math.log(seconds[-1] / seconds[0]) / math.log(SIZES[-1] / SIZES[0])
    return {"name": name, "seconds": seconds, "mib": [result["mib"] for result in measured], "growth": growth}


def _measure(name: str, size: int) -> dict:
    command = [sys.executable, "-m", "benchmarks.scale", "--one", name, "--size", str(size)]
    environment = clean_environment() | {"OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as undo:
        if name in OVER_A_HUB:
            hub = HubProcess(Path(folder))
            undo.callback(stop, hub.process)
            environment |= hub.environment
            command += ["--hub", str(hub.process.pid)]
        run = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)
    if run.returncode:
        sys.exit(f"{name} at size {size} failed:\n{run.stderr[-2000:]}")
    return json.loads(run.stdout.splitlines()[-1])


def main() -> None:
    """Run the benchmark, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=NAMES,
        default=NAMES,
        metavar="NAME",
        help="rows to measure (default: all)",
    )
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    parser.add_argument("--one", choices=NAMES, help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--hub", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        return one(options.one, options.size, options.hub)
    heads = [f"{size}x, {unit}" for unit in ("s", "MiB") for size in SIZES]
    print(f"{'':28}" + "".join(f"{head:>11}" for head in heads) + f"{'growth':>9}")
    rows = []
    for name in options.only:
        row = measure(name)
        rows.append(row)
        numbers = [f"{value:>11.2f}" for value in row["seconds"]] + [
            f"{value:>11.0f}" for value in row["mib"]
        ]
        print(f"{name:28}{''.join(numbers)}{row['growth']:>9.2f}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
