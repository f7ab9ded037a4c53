"""Report the progress of long work: a line with the time left for people, a small file for the app."""

import json
import os
import sys
import time
from pathlib import Path

_started: dict[tuple[str, str], float] = {}
_printed: dict[str, float] = {}


def report(key: str, stage: str, done: int, total: int) -> None:
    """Report that `done` of `total` steps of a stage are complete.

    Prints at most one line per second, and always the last one. If ``SPACEHUB_PROGRESS`` names a folder,
    ``<key>.json`` in it always holds the latest state, which the app shows.

    Parameters
    ----------
    key : str
        The catalogue key of the dataset or model being built.
    stage : str
        The current stage in words: "nested cross-validation".
    done, total : int
        Steps; the time left assumes that the other steps take as long.
    """
    now = time.monotonic()
    started = _started.setdefault((key, stage), now)
    left = (now - started) / done * (total - done) if done else None
    if done >= total or now - _printed.get(key, 0.0) >= 1.0:
        _printed[key] = now
        note = f": {done} of {total}" if done else " ..."
        note += f", about {left:.0f} s left" if left else ""
        print(f"[{key}] {stage}{note}", file=sys.stderr, flush=True)
    folder = os.environ.get("SPACEHUB_PROGRESS")
    if folder:
        state = {"key": key, "stage": stage, "done": done, "total": total, "seconds_left": left}
        _write(Path(folder), key, state)


def failed(key: str, problem: str) -> None:
    """Record for the app that the work on `key` ended with a problem."""
    folder = os.environ.get("SPACEHUB_PROGRESS")
    if folder:
        _write(Path(folder), key, {"key": key, "problem": problem})


def published(key: str, commit: str | None, *, up_to_date: bool = False) -> None:
    """Record that `key` is published at `commit` and the work has ended; `up_to_date` if it already was."""
    folder = os.environ.get("SPACEHUB_PROGRESS")
    if folder and commit:
        stage = "is published and up to date" if up_to_date else "published"
        _write(Path(folder), key, {"key": key, "stage": stage, "commit": commit}, suffix="published")
        (Path(folder) / f"{key}.json").unlink(missing_ok=True)


def has_failed(key: str) -> bool:
    """Return True if a problem with `key` was recorded for the app, or if no app reads the records."""
    folder = os.environ.get("SPACEHUB_PROGRESS")
    if not folder:
        return True
    try:
        return "problem" in json.loads((Path(folder) / f"{key}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def _write(folder: Path, key: str, state: dict, *, suffix: str = "json") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{key}.{os.getpid()}"
    temporary.write_text(json.dumps(state), encoding="utf-8")
    temporary.replace(folder / f"{key}.{suffix}")
