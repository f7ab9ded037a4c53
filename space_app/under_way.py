"""Report what is being built right now, from the small progress files that a training run writes."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from spacehub import catalogue

# A commit's time has whole seconds.
CLOCK_SECONDS = 1


@dataclass(frozen=True, kw_only=True)
class UnderWay:
    """The progress of building a dataset or model; `problem` is a sentence if it failed."""

    stage: str = ""
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    problem: str = ""

    @property
    def sentence(self) -> str:
        """The progress in words."""
        if self.problem:
            return f"Publishing failed: {self.problem}"
        return f"In progress: {self.so_far}."

    @property
    def so_far(self) -> str:
        """The stage, its steps once one is done, and the time left."""
        steps = f", {self.done} of {self.total}" if self.done else ""
        return f"{self.stage}{steps}{self.time_left}"

    @property
    def time_left(self) -> str:
        """The time left for this stage in words, after a comma."""
        if not self.seconds_left:
            return ""
        if self.seconds_left < 90:
            return f", about {max(1, round(self.seconds_left))} s left"
        return f", about {round(self.seconds_left / 60)} min left"


def find(key: str, *, published: datetime | None = None) -> UnderWay | None:
    """Return the progress of building `key`.

    Return None if nothing is being built, or no progress was reported since it was `published`.
    """
    folder = os.environ.get("SPACEHUB_PROGRESS")
    if not folder:
        return None
    path = Path(folder) / f"{key}.json"
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        if published and path.stat().st_mtime < published.timestamp() + CLOCK_SECONDS:
            return None
    except (OSError, ValueError):
        return None
    if state.get("problem"):
        return UnderWay(problem=str(state["problem"]))
    return UnderWay(
        stage=str(state.get("stage", "")),
        done=int(state.get("done", 0)),
        total=int(state.get("total", 0)),
        seconds_left=state.get("seconds_left"),
    )


def make(key: str) -> str:
    """Return the sentence that says how to publish `key`."""
    return f"To publish it, run: .venv/bin/spacehub publish {catalogue.find(key).key}"
