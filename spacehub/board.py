"""Show the demo's publishing progress: a live table in a terminal, plain lines elsewhere."""

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

WAITING = "waiting"
FIGURES = 8  # digits that the board shows of a commit


@dataclass(frozen=True, kw_only=True)
class Row:
    """The progress of one dataset or model; `seconds_left` is None while it is unknown."""

    key: str
    stage: str = WAITING
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    commit: str = ""
    problem: str = ""

    @property
    def line(self) -> str:
        """Return one line that shows the stage without the progress, so it changes only when the stage changes."""
        if self.problem:
            return f"[{self.key}] failed: {self.problem}"
        if self.commit:
            return f"[{self.key}] {self.stage} at {self.commit[:FIGURES]}"
        return f"[{self.key}] {self.stage}"


def read(folder: Path, key: str) -> Row:
    """Return the progress of `key`, read from the files that `spacehub.progress` writes to `folder`."""
    published = _object(folder / f"{key}.published")
    if published:
        return Row(key=key, stage=str(published.get("stage")), commit=str(published.get("commit")))
    state = _object(folder / f"{key}.json")
    if state.get("problem"):
        return Row(key=key, problem=str(state["problem"]))
    return Row(
        key=key,
        stage=str(state.get("stage", WAITING)),
        done=int(state.get("done") or 0),
        total=int(state.get("total") or 0),
        seconds_left=state.get("seconds_left"),
    )


class Lines:
    """Print a line each time the stage of an entry changes."""

    def __init__(self, out: TextIO):
        self._out, self._shown = out, {}

    def show(self, rows: Sequence[Row]) -> None:
        """Print a line for each row whose stage has changed."""
        for row in rows:
            if row.stage != WAITING or row.problem:
                if self._shown.get(row.key) != row.line:
                    print(row.line, file=self._out, flush=True)
                self._shown[row.key] = row.line


class Table:
    """Draw a table and redraw it in place."""

    def __init__(self, live):
        self._live = live

    def show(self, rows: Sequence[Row]) -> None:
        """Draw the rows."""
        from rich import box
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for title in ("Name", "Stage", "Progress", "Time left", "Commit"):
            table.add_column(title, no_wrap=title != "Stage")
        for row in rows:
            bar = (
                ProgressBar(total=row.total, completed=row.done, width=20)
                if row.total > 1 and row.done
                else ""
            )
            stage = Text(
                row.problem or row.stage, style="red" if row.problem else "dim" if row.commit else ""
            )
            left = duration(row.seconds_left) if row.seconds_left else ""
            table.add_row(row.key, stage, bar, left, row.commit[:FIGURES])
        self._live.update(table)


@contextlib.contextmanager
def board(out: TextIO | None = None) -> Iterator[Lines | Table]:
    """Show rows in `out` (standard output if None) while the block runs."""
    out = out or sys.stdout
    if not out.isatty():
        yield Lines(out)
        return
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(file=out), refresh_per_second=4) as live:
        yield Table(live)


def duration(seconds: float) -> str:
    """Return the remaining time as text, rounded to seconds or minutes."""
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


def _object(path: Path) -> dict:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}
