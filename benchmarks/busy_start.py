"""Start the app ten times while eight other processes keep the processor busy.

    python -m benchmarks.busy_start [--starts 10] [--busy 8]

For each start, the benchmark prints the seconds until all four routes have answered. At the end, it prints how many
starts succeeded.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import rivals


@contextlib.contextmanager
def busy(count: int) -> Iterator[None]:
    """Run `count` processes that keep the processor busy."""
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def main() -> None:
    """Measure the starts, and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--starts", type=int, default=10, help="number of starts on the busy machine")
    parser.add_argument(
        "--busy", type=int, default=8, help="number of processes that keep the processor busy"
    )
    given = parser.parse_args()
    seconds, failed = [], 0
    with rivals.hub_with_models() as hub, tempfile.TemporaryDirectory() as base:
        app = rivals.ours(Path(base), hub)
        with app.running():
            print(f"idle machine, cold cache: {app.first:.1f} s", flush=True)
        with busy(given.busy):
            for number in range(1, given.starts + 1):
                try:
                    with app.running():
                        seconds.append(app.first)
                    print(f"start {number} of {given.starts}: {seconds[-1]:.1f} s", flush=True)
                except SystemExit as error:
                    failed += 1
                    print(f"start {number} of {given.starts} failed: {error}", flush=True)
    print(
        f"{len(seconds)} of {given.starts} starts succeeded while {given.busy} processes kept the "
        "processor busy"
    )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
