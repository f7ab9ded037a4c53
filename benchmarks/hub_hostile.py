"""Measure the cost of two security features of the embedded Hub: redirecting clients, and limiting pattern matching.

    python -m benchmarks.hub_hostile [--repeats 9] [--json FILE]

The benchmark takes less than half a minute on a CPU. *theirs* is the same action with almost no work for the security
feature: no loaded libraries to redirect, and 20 instead of 20,000 lines in .gitattributes.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.report import report, row

LINES = 20_000
PATHS = 1000

ENTER = """
import statistics, sys, time
{imports}
from localhub import LocalHub
times = []
for _ in range({repeats}):
    start = time.perf_counter()
    with LocalHub():
        times.append(time.perf_counter() - start)
print(1000 * statistics.median(times))
"""


def entering(imports: str, repeats: int) -> float:
    """Return the median time to enter a `LocalHub` in a process with these imports, in milliseconds."""
    code = ENTER.format(imports=imports, repeats=repeats)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def preupload(line: Callable[[int], str], lines: int, repeats: int, *, again: bool) -> float:
    """Return the median time to match the paths of a preupload, in milliseconds; `again` uses the cached patterns."""
    from localhub.rules import patterns

    text = "".join(line(number) for number in range(lines)).encode()
    times = []
    for _ in range(repeats):
        if not again:
            patterns._attributes.cache_clear()
        start = time.perf_counter()
        attributes = patterns.FolderAttributes(lambda path: text if path == patterns.GITATTRIBUTES else None)
        for number in range(PATHS):
            attributes.is_lfs(f"data 7/shard-{number}.bin")
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def main() -> None:
    """Run the benchmark, and print the report."""
    from localhub.rules.patterns import lfs_line

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--repeats", type=int, default=9, help="number of measurements per row (default: %(default)s)"
    )
    parser.add_argument("--json", help="also write the results to this file, as JSON")
    options = parser.parse_args()
    n = options.repeats
    rows = [
        row(
            "enter LocalHub, transformers and datasets loaded",
            entering("import datasets, transformers\nfrom transformers import pipeline", n),
            entering("import huggingface_hub", n),
            "ms",
            n,
        )
    ]
    kinds = {
        "files by name": lambda number: lfs_line(f"data 7/part-{number}.bin"),
        "endings": lambda number: f"*.x{number} filter=lfs\n",
        "with a star inside": lambda number: f"data*/shard-{number}.bin filter=lfs\n",
    }
    for name, line in kinds.items():
        for again, which in ((False, "first"), (True, "next")):
            ours, theirs = (preupload(line, lines, n, again=again) for lines in (LINES, 20))
            rows.append(row(f"{which} preupload, {LINES} patterns: {name}", ours, theirs, "ms", n))
    report(rows, options.json)


if __name__ == "__main__":
    main()
