"""Read a kata from its file, and check a learner's file in a separate process."""

import ast
import contextlib
import importlib
import inspect
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from spacehub.errors import SpaceHubError

FOLDER = Path(__file__).with_name("katas")
# The limits of one run: wall time in seconds, memory of the process, size of its output, and size of the learner's file, in bytes.
SECONDS, MEMORY, WRITTEN, LONGEST_FILE = 20, 2 * 1024**3, 1_000_000, 100_000
SHOWN = 1000
_FILE = re.compile(r"w(\d\d)_(\d\d)_(\w+)")
_FUNCTION = re.compile(r"^def (\w+)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Kata:
    """A kata: its `number`, such as 4.2, title, task, start, hints in order, and the module with the checks."""

    number: str
    title: str
    task: str
    start: str
    hints: tuple[str, ...]
    module: ModuleType

    @property
    def function(self) -> str:
        """The name of the function that a learner writes."""
        return _FUNCTION.search(self.start)[1]

    def source(self, which: str) -> str:
        """Return the ``solution`` or the ``wrong`` solution as a learner's file."""
        name = {"solution": self.function, "wrong": "wrong"}[which]
        tree = ast.parse(inspect.getsource(self.module))
        imports = [ast.unparse(statement) for statement in tree.body if isinstance(statement, ast.Import)]
        allowed = "\n".join(imports)
        body = inspect.getsource(getattr(self.module, name))
        return f"{allowed}\n\n\n{body.replace(f'def {name}(', f'def {self.function}(')}"


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of a run: for each check, its name and its error ("" if it passed; None if it did not run)."""

    checks: list[tuple[str, str | None]]
    problem: str
    printed: str

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return not self.problem and all(wrong == "" for _, wrong in self.checks)


def numbers() -> dict[str, str]:
    """Return each kata's number, in order, and its module's name."""
    modules = {}
    for path in sorted(FOLDER.glob("w*.py")):
        week, number, _ = _FILE.fullmatch(path.stem).groups()
        modules[f"{int(week)}.{int(number)}"] = path.stem
    return modules


def load(number: str) -> Kata:
    """Return a kata by its number, such as ``"4.2"``.

    Raises
    ------
    SpaceHubError
        If the kata does not exist, or NumPy is not installed.
    """
    known = numbers()
    if number not in known:
        raise SpaceHubError(
            f"The kata {number[:20]!r} does not exist.", "To list all katas, run: spacehub kata"
        )
    try:
        module = importlib.import_module(f"spacehub.course.katas.{known[number]}")
    except ModuleNotFoundError as error:
        raise SpaceHubError(
            f"The katas need the {error.name} package, which is not installed.",
            'To install it, run: pip install "spacehub[app]"',
        ) from error
    title, _, task = inspect.cleandoc(module.__doc__).partition("\n")
    return Kata(
        number=number,
        title=title.rstrip("."),
        task=task.strip(),
        start=module.START.strip() + "\n",
        hints=tuple(module.HINTS),
        module=module,
    )


def check(kata: Kata, file: Path) -> Result:
    """Run a learner's file against a kata's checks, in a process with limits on time, memory and output.

    Raises
    ------
    SpaceHubError
        If the file cannot be read or is far too long.
    """
    try:
        size = file.stat().st_size
        if size > LONGEST_FILE:
            raise SpaceHubError(
                f"{file} is {size:,} bytes, but the limit for a kata is {LONGEST_FILE:,} bytes.",
                "Shorten the file.",
            )
        code = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SpaceHubError(f"Cannot read {file}: {reason}.", "Enter the path of a Python file.") from error
    with tempfile.TemporaryDirectory(prefix="spacehub-kata-") as scratch:
        folder = Path(scratch)
        (folder / "try.py").write_text(code, encoding="utf-8")
        command = [sys.executable, "-I", "-m", "spacehub.course.kata_process", kata.number, scratch]
        environment = {
            name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "SYSTEMROOT")
        }
        environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
        with (folder / "printed").open("wb") as printed:
            ended = _run(
                command,
                cwd=scratch,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
            )
        return _result(kata, folder, ended)


def _run(command: list[str], **options: Any) -> int | None:
    """Run a command; return its exit code, or None if its time ran out. Processes that it started are also stopped."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        return process.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    finally:
        with contextlib.suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()


def _result(kata: Kata, folder: Path, ended: int | None) -> Result:
    report = folder / "report"
    lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    reports = [json.loads(line) for line in lines]
    wrong = {one["check"]: one["wrong"] for one in reports if "check" in one}
    names = [one.name for one in kata.module.CHECKS]
    problem = next((one["problem"] for one in reports if "problem" in one), "")
    with (folder / "printed").open(encoding="utf-8", errors="replace") as file:
        printed = file.read(SHOWN)
    if not problem and not any(one.get("done") for one in reports):
        running = next((name for name in names if name not in wrong), "the checks")
        why = (
            f"It ran for more than {SECONDS} seconds"
            if ended is None
            else "It used too much memory or was stopped"
        )
        problem = f"{why} in the check: {running}."
    return Result(
        checks=[(name, wrong.get(name)) for name in names], problem=problem, printed=printed.strip()
    )
