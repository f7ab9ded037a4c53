"""Count how many inputs and answers fell into each bin of the training data, to measure drift. No input is stored."""

import contextlib
import json
import logging
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from space_app.watch import Status
from spacehub.serving.drift import FEWEST, Reference, index

ANSWER = "answer"
SAVE_SECONDS = 60
LARGEST = 2**20

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    """The counts for a commit: `n` answers, `doubted` of them, the `index` by name, and the answers' shares by bin."""

    n: int
    doubted: int
    index: dict[str, float]
    then: tuple[float, ...]
    now: tuple[float, ...]

    @property
    def enough(self) -> bool:
        """Whether there are enough answers for the index to mean anything."""
        return self.n >= FEWEST


class Drift:
    """Counts by model, for the commit that is served; kept in a file across restarts.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path):
        self._path, self._lock, self._saved = path, threading.Lock(), time.monotonic()
        self._references: dict[str, tuple[str, dict[str, Reference]]] = {}
        self._counts: dict[str, dict] = _read(path)

    def observe(self, status: Status, values: Mapping[str, object], *, doubted: bool = False) -> None:
        """Count an input and its answer, by the names in the model's reference."""
        with self._lock:
            references = self._of(status)
            if not references:
                return
            counted = self._counted(status, references)
            counted["n"] += 1
            counted["doubted"] += bool(doubted)
            for name, value in values.items():
                reference = references.get(name)
                if reference is not None:
                    counted["bins"][name][reference.place(value)] += 1
            due = time.monotonic() - self._saved > SAVE_SECONDS
            if due:
                self._saved = time.monotonic()
        if due:
            threading.Thread(target=self.save, daemon=True).start()

    def report(self, status: Status) -> Report | None:
        """Return the counts for the served commit; None before the first answer."""
        with self._lock:
            references = self._of(status)
            found = self._counts.get(status.entry.key)
            if not references or not found or found["commit"] != status.commit or not found["n"]:
                return None
            found = self._counted(status, references)
            bins, answers = found["bins"], found["bins"][ANSWER]
            total = max(1, sum(answers))
            return Report(
                n=found["n"],
                doubted=found["doubted"],
                index={name: index(references[name], counts) for name, counts in bins.items() if sum(counts)},
                then=references[ANSWER].shares[:-1],
                now=tuple(count / total for count in answers[:-1]),
            )

    def save(self) -> None:
        """Write the counts."""
        with self._lock:
            text = json.dumps(self._counts)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(f".{os.getpid()}")
            temporary.write_text(text, encoding="utf-8")
            os.replace(temporary, self._path)
        except OSError as error:
            log.warning("Drift counts are not saved: cannot write to %s (%s)", self._path, error)

    def _of(self, status: Status) -> dict[str, Reference]:
        """Return the references of the served commit, computed once."""
        key = status.entry.key
        known = self._references.get(key)
        if known is None or known[0] != status.commit:
            make = getattr(status.served, "references", None)
            known = self._references[key] = (status.commit, make() if make else {})
        return known[1]

    def _counted(self, status: Status, references: Mapping[str, Reference]) -> dict:
        found = self._counts.get(status.entry.key)
        shape = {name: len(reference.shares) for name, reference in references.items()}
        if (
            found is None
            or found["commit"] != status.commit
            or shape != {name: len(counts) for name, counts in found["bins"].items()}
        ):
            found = {"commit": status.commit, "n": 0, "doubted": 0}
            found["bins"] = {name: [0] * count for name, count in shape.items()}
            self._counts[status.entry.key] = found
        return found


_active: list[Drift] = []


def begin(path: Path) -> Drift:
    """Count everything passed to `observe` from now on."""
    _active[:] = [Drift(path)]
    return _active[0]


def observe(status: Status, values: Mapping[str, object], *, doubted: bool = False) -> None:
    """Count an input and its answer, as `Drift.observe` does, if a counter is active."""
    for drift in _active:
        drift.observe(status, values, doubted=doubted)


def report(status: Status) -> Report | None:
    """Return the counts for the served commit; None without an active counter."""
    return _active[0].report(status) if _active else None


def _read(path: Path) -> dict[str, dict]:
    """Read the counts; a file in another format gives no counts."""
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError, RecursionError):
        if path.stat().st_size <= LARGEST:
            facts = json.loads(path.read_text(encoding="utf-8"))
            return {
                str(key): {
                    "commit": str(counts["commit"]),
                    "n": int(counts["n"]),
                    "doubted": int(counts["doubted"]),
                    "bins": {
                        str(name): [int(count) for count in bins] for name, bins in counts["bins"].items()
                    },
                }
                for key, counts in facts.items()
            }
    return {}
