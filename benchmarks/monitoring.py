"""Measure how much time monitoring adds to a request: for the record, the log, the metrics and the drift counts.

python -m benchmarks.monitoring
"""

import statistics
import tempfile
import time
from pathlib import Path

from space_app.monitoring import requests
from space_app.monitoring.drift import ANSWER, Drift
from space_app.monitoring.log import RequestLog
from space_app.monitoring.metrics import Metrics
from space_app.watch import Status, Watch
from spacehub import catalogue
from spacehub.serving.drift import Reference

ROUNDS, REQUESTS = 20, 1_000
FIELDS = 10


class _Model:
    def references(self):
        """Return as many references as the landing model has."""
        names = {f"field {place}": Reference.of_numbers(range(200)) for place in range(FIELDS)}
        return names | {ANSWER: Reference.of_numbers(range(200))}


def main() -> None:
    """Print the added time per request, in microseconds."""
    with tempfile.TemporaryDirectory() as scratch:
        watch, drift = Watch({}), Drift(Path(scratch) / "drift.json")
        log = RequestLog(Path(scratch) / "requests.jsonl")
        requests.listen(log)
        requests.listen(Metrics(watch, drift, lambda: 0))
        status = Status(entry=catalogue.MODELS["landing"], commit="a", served=_Model())
        values = dict.fromkeys(status.served.references(), 57.0)
        taken = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            for _ in range(REQUESTS):
                with requests.watched("/predict_landing"):
                    requests.uses("landing", "a")
                    drift.observe(status, values)
            log.flush()
            taken.append((time.perf_counter() - began) / REQUESTS * 1e6)
    print(f"{statistics.median(taken):.0f} µs per request (fastest of {ROUNDS}: {min(taken):.0f} µs)")


if __name__ == "__main__":
    main()
