"""Run a learner's file: ``python -I -m spacehub.course.kata_process 4.2 FOLDER``.

It reads ``try.py`` in the folder and writes a line of JSON to ``report`` after each check, which keeps earlier
results if the process is stopped.
"""

import contextlib
import json
import sys
import traceback
from pathlib import Path

from spacehub.course.checks import Failed
from spacehub.course.kata import MEMORY, SECONDS, WRITTEN, load


def main(number: str, folder: Path) -> None:
    """Run all checks of a kata."""
    kata = load(number)
    _limit()
    with (folder / "report").open("w", encoding="utf-8") as report:

        def say(**what) -> None:
            report.write(json.dumps(what) + "\n")
            report.flush()

        file = folder / "try.py"
        names = {"__name__": "kata", "__file__": str(file)}
        try:
            exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), names)  # noqa: S102
        except BaseException as error:
            say(problem=f"Your file cannot be run: {_as_sentence(error, file)}")
            return
        function = names.get(kata.function)
        if not callable(function):
            say(problem=f"Your file does not define the function {kata.function}().")
            return
        for check in kata.module.CHECKS:
            try:
                check.run(function)
                wrong = ""
            except Failed as error:
                wrong = str(error)
            except BaseException as error:
                wrong = f"{kata.function}() raised {_as_sentence(error, file)}"
            say(check=check.name, wrong=wrong)
        say(done=True)


def _as_sentence(error: BaseException, file: Path) -> str:
    """Describe an exception in a sentence, with the line in the learner's file."""
    if isinstance(error, SyntaxError) and error.filename == str(file):
        return f"{type(error).__name__}: {error.msg}, in line {error.lineno}."
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)
    ]
    where = f", in line {lines[-1]}" if lines else ""
    words = str(error)[:300]
    return f"{type(error).__name__}{': ' if words else ''}{words.rstrip('.')}{where}."


def _limit() -> None:
    """Limit this process's memory, processor time and files; on Windows only the outside time limit applies."""
    try:
        import resource
    except ImportError:
        return
    for name, most in (("AS", MEMORY), ("CPU", SECONDS), ("FSIZE", WRITTEN), ("CORE", 0)):
        # Some systems have a limit that a process cannot set.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
