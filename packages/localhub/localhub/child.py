"""Run a program of this package on untrusted files, in a process with limits, so that the files cannot harm the embedded Hub."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

ANSWER_BYTES = 256 << 20
SECONDS = 60
_TURNS = threading.BoundedSemaphore(2)


class ChildError(Exception):
    """The program failed; the text is its last line."""


def ask(program: Path, question: dict[str, Any], folder: str) -> Any:
    """Run a program in a folder, send it JSON on its standard input, and return the JSON that it prints.

    Raises
    ------
    ChildError
        If the program fails or exceeds its limits.
    """
    with _TURNS, tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(program)],
                input=json.dumps(question).encode(),
                stdout=out,
                stderr=subprocess.PIPE,
                timeout=SECONDS,
                cwd=folder,
            )
        except subprocess.TimeoutExpired as error:
            raise ChildError(f"the program took more than {SECONDS} s") from error
        size = os.fstat(out.fileno()).st_size
        if done.returncode or size > ANSWER_BYTES:
            lines = done.stderr.decode(errors="replace").strip().splitlines() or ["the program was killed"]
            raise ChildError(lines[-1][:500])
        out.seek(0)
        return json.loads(out.read())
