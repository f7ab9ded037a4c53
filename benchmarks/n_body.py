"""Simulate the Sun and its planets for 10,000 steps, with the Lab's NumPy code and with loops in plain Python.

    python -m benchmarks.n_body [--repeats 6] [--json FILE]

The benchmark takes less than half a minute on a CPU.
"""

import argparse
import functools
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import report, row
from spacehub.lab import gravity, planets

STEPS, SHORTER = 10_000, 10


def processor_seconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def plain_n_body(gm: list, x: list, v: list, step: float, steps: int) -> list:
    """Integrate with leapfrog in plain loops over all pairs of bodies and three coordinates, as in a textbook."""
    bodies = range(len(gm))
    for _ in range(steps):
        for i in bodies:
            for k in range(3):
                x[i][k] += v[i][k] * step / 2
        for i in bodies:
            for j in bodies:
                if i != j:
                    apart = [x[j][k] - x[i][k] for k in range(3)]
                    distance = (apart[0] ** 2 + apart[1] ** 2 + apart[2] ** 2) ** 0.5
                    for k in range(3):
                        v[i][k] += gm[j] * apart[k] / distance**3 * step
        for i in bodies:
            for k in range(3):
                x[i][k] += v[i][k] * step / 2
    return x


def careful_n_body(gm: list, x: list, v: list, step: float, steps: int) -> list:
    """Integrate with leapfrog in nearly the fastest plain Python: compute each pair once, and unroll the coordinates."""
    pairs = [(x[i], x[j], v[i], v[j], step * gm[i], step * gm[j]) for i in range(len(gm)) for j in range(i)]

    def drift() -> None:
        for place, speed in zip(x, v, strict=True):
            place[0] += speed[0] * step / 2
            place[1] += speed[1] * step / 2
            place[2] += speed[2] * step / 2

    for _ in range(steps):
        drift()
        for p, q, u, w, near, far in pairs:
            a, b, c = q[0] - p[0], q[1] - p[1], q[2] - p[2]
            cube = (a * a + b * b + c * c) ** -1.5
            u[0] += far * cube * a
            u[1] += far * cube * b
            u[2] += far * cube * c
            w[0] -= near * cube * a
            w[1] -= near * cube * b
            w[2] -= near * cube * c
        drift()
    return x


def n_body(repeats: int) -> list[dict]:
    """Measure the processor time for ten bodies and 10,000 steps.

    Plain Python runs a tenth of the steps, and its time is multiplied by ten.
    """
    gm, x, v = planets.at_j2000()
    step, ours, theirs = 86_400.0, [], ([], [])
    for _ in range(repeats):
        ours.append(
            processor_seconds(
                lambda: gravity.follow(gravity.mutual, gm, x, v, step=step, steps=STEPS, method="leapfrog")
            )
        )
        for times, loop in zip(theirs, (plain_n_body, careful_n_body), strict=True):
            arguments = gm.tolist(), x.T.tolist(), v.T.tolist(), step, STEPS // SHORTER
            times.append(SHORTER * processor_seconds(functools.partial(loop, *arguments)))
    fast = statistics.median(ours)
    return [
        row(f"{len(gm)} bodies, {STEPS:,} steps / {name}", fast, statistics.median(times), "s", repeats)
        for name, times in zip(("plain loops", "careful plain loops"), theirs, strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=6, help="number of measurements per row")
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    options = parser.parse_args()
    report(n_body(options.repeats), options.json)


if __name__ == "__main__":
    main()
