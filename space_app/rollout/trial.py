"""Try a new commit in a process with limits: load it, and compare its known answers. A canary runs there too.

The app itself opens only what passed. A trial gets at most `SECONDS` of wall time, `CPU_SECONDS` of processor
time and `MEMORY` bytes, and it cannot write files. Answers come back as JSON.
"""

import contextlib
import importlib
import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from space_app import process_memory
from spacehub.collector import collect_rarely
from spacehub.errors import SpaceHubError, reason

SECONDS, CPU_SECONDS, IMPORT_SECONDS = 10, 20, 120
# A process that had a processor for more than this share of the time counts as endless; otherwise the app waits
# again, six times in all.
LEAST_SHARE, PATIENCE = 0.5, 6
MEMORY = 2**31  # beyond what the process has once its libraries are imported
LONGEST = 2**20  # bytes of an answer
PUBLISH_AGAIN = "Publish the repository again with this version of SpaceHub."
# What the parts of a signature are called in an error.
NOUNS = {"takes": "inputs", "gives": "outputs"}
# Libraries that most trials need.
COMMON = ("onnxruntime", "pandas")
_context = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Passed:
    """A passed trial: the model's `signature` (None for a dataset), and how many `known` answers it reproduced."""

    signature: Mapping[str, list[str]] | None
    known: int


class NotBegunError(SpaceHubError):
    """The process did not start, which says nothing about the commit."""


class Trials:
    """One process for all trials, started by `begin` or the first trial; `close`, or a broken limit, ends it."""

    def __init__(self):
        self._lock = threading.Lock()
        self._process, self._pipe = None, None

    def begin(self) -> None:
        """Start the process; it imports the libraries of most trials while this process imports the app."""
        with self._lock:
            self._start()
            self._pipe.send_bytes(json.dumps({"import": COMMON}).encode())

    def run(self, load: Callable[[Path], object], folder: Path, facts: str) -> Passed:
        """Load a folder with a module's function, and compare the known answers in its file `facts`.

        Raises
        ------
        SpaceHubError
            If the commit cannot be served; the error says why.
        """
        found = self._do(load, folder, facts=facts)
        return Passed(found["signature"], found["known"])

    def agree(
        self, load: Callable[[Path], object], folder: Path, cases: Sequence[tuple[object, object]]
    ) -> list[bool]:
        """Return whether a commit's model agrees with the paired answer to each question; an error counts as False.

        Questions and answers are the arguments of the model's method `agrees`, as JSON values.

        Raises
        ------
        SpaceHubError
            If the commit ends the process or takes too long; `NotBegunError` if the commit did not cause it.
        """
        return self._do(load, folder, cases=cases)["agree"]

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _do(self, load: Callable[[Path], object], folder: Path, **job: object) -> dict:
        job |= {"load": f"{load.__module__}:{load.__qualname__}", "folder": str(folder)}
        with self._lock:
            try:
                found = self._ask(job)
            except BaseException:
                self._end()
                raise
        if "problem" in found:
            raise SpaceHubError(found["problem"], found["fix"])
        return found

    def _ask(self, job: Mapping) -> dict:
        if self._process is None:
            self._start()
        try:
            self._pipe.send_bytes(json.dumps(job).encode())
            if not self._pipe.poll(IMPORT_SECONDS):
                raise NotBegunError(
                    "The trial process did not start in time.", "Check whether the machine is overloaded."
                )
            self._pipe.recv_bytes(LONGEST)
            if not self._ends():
                raise SpaceHubError(
                    f"Loading the files and computing the answers took longer than {SECONDS} seconds.",
                    PUBLISH_AGAIN,
                )
            return json.loads(self._pipe.recv_bytes(LONGEST))
        except (EOFError, OSError) as error:
            self._process.join(5)
            raise SpaceHubError(
                f"The process that loads the files and computes the answers ended unexpectedly ({_ending(self._process.exitcode)}).",
                PUBLISH_AGAIN,
            ) from error

    def _start(self) -> None:
        self._pipe, theirs = _context.Pipe()
        self._process = _context.Process(target=_work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def _ends(self) -> bool:
        """Wait for the answer, and longer on a busy machine, where the process gets little processor time."""
        before = _processor_seconds(self._process.pid)
        for turn in range(1, PATIENCE + 1):
            if self._pipe.poll(SECONDS):
                return True
            used = _processor_seconds(self._process.pid) - before
            if used > LEAST_SHARE * turn * SECONDS:
                return False
        return False

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(5)
            self._pipe.close()
            self._process = self._pipe = None


def require_same(before: Passed | None, now: Passed) -> None:
    """Check that a new commit has the same inputs and outputs as the one before, and known answers if that one has.

    Raises
    ------
    SpaceHubError
        If the new commit differs.
    """
    if before is None or before.signature is None:
        return
    if before.signature != now.signature:
        names = sorted(
            name
            for name in {*before.signature, *(now.signature or {})}
            if before.signature.get(name) != (now.signature or {}).get(name)
        )
        raise SpaceHubError(
            f"The {' and '.join(NOUNS.get(name, name) for name in names)} of the new commit differ from those of the "
            "served commit.",
            "If this is intended, start the app with SPACEHUB_PIN=KEY@COMMIT.",
        )
    if before.known and not now.known:
        raise SpaceHubError(
            "The new commit has no expected answers, unlike the served commit.",
            "Publish the model again with this version of SpaceHub.",
        )


def _processor_seconds(pid: int) -> float:
    """Return how long a process has run on a processor; infinite where the system does not report it."""
    try:
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return time.monotonic()


def _ending(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    if -code == getattr(signal, "SIGXCPU", None):
        return f"more than {CPU_SECONDS} seconds of processor time"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def _work(pipe: Connection) -> None:
    """Run trials until the app has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    collect_rarely()
    held: dict[Path, object] = {}
    with contextlib.suppress(EOFError, OSError):
        while True:
            job = json.loads(pipe.recv_bytes())
            if "import" in job:
                for name in job["import"]:
                    importlib.import_module(name)
                continue
            module, name = job["load"].split(":")
            load = getattr(importlib.import_module(module), name)
            pipe.send_bytes(b'"begun"')
            _limit()
            pipe.send_bytes(json.dumps(_try(load, job, held)).encode())


def _try(load: Callable[[Path], object], job: Mapping, held: dict[Path, object]) -> dict:
    """Run one job; `held` contains the model of the last job, which a canary queries again."""
    folder = Path(job["folder"])
    try:
        if "cases" not in job or folder not in held:
            held.clear()  # not two models at once
            held[folder] = load(folder)
        loaded = held[folder]
        if "cases" in job:
            return {"agree": [_agrees(loaded, *case) for case in job["cases"]]}
        reproduce, known = getattr(loaded, "reproduce", None), 0
        if reproduce:
            from spacehub.serving.known import require

            known = require(reproduce(json.loads((folder / job["facts"]).read_text(encoding="utf-8"))))
        return {"signature": getattr(loaded, "signature", None), "known": known}
    except SpaceHubError as error:
        return {"problem": _short(error.problem), "fix": error.fix}
    except MemoryError:
        return {"problem": f"The files need more than {MEMORY >> 30} GiB of memory.", "fix": PUBLISH_AGAIN}
    except Exception as error:  # a library may raise anything for an untrusted file
        # Our own checks raise ValueError with a sentence.
        why = reason(error) if isinstance(error, ValueError) else f"{error!r}."
        return {"problem": _short(f"The files cannot be read. {why}"), "fix": PUBLISH_AGAIN}


def _agrees(loaded: object, question: object, answer: object) -> bool:
    try:
        return bool(loaded.agrees(question, answer))
    except Exception:  # the model that serves could answer
        return False


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 400 else f"{text[:399]}…"


def _limit() -> None:
    """Limit what the process may use from now on, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the wall time alone
        return
    with contextlib.suppress(ValueError, OSError):
        used = time.process_time()
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used) + CPU_SECONDS, hard))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        if memory := process_memory.measure():
            hard = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (memory.virtual + MEMORY, hard))
