"""Katas: every solution passes, every typical mistake is caught, and a try cannot harm the machine it runs on."""

import argparse
import ast
import pathlib
import re
import sys
import time

import numpy as np
import pytest

from spacehub.course import kata, kata_command, progress
from spacehub.course.checks import Failed, returns, same, shown
from spacehub.errors import SpaceHubError

NUMBERS = list(kata.numbers())


def tried(number, source, folder):
    file = folder / "mine.py"
    file.write_text(source, encoding="utf-8")
    return kata.check(kata.load(number), file)


def test_the_course_says_how_many_katas_need_numpy():
    needing = sum("import numpy" in kata.load(number).source("solution") + kata.load(number).start for number in NUMBERS)  # fmt: skip
    readme = pathlib.Path(__file__).parents[2] / "docs" / "course" / "README.md"
    assert f"NumPy, which {needing} of the {len(NUMBERS)} katas use" in readme.read_text(encoding="utf-8")


def test_the_next_kata_is_one_that_was_not_passed(monkeypatch):
    monkeypatch.setattr(progress, "passed", lambda: {"12.13", "1.1"})
    assert kata_command.following("12.12") == "Next: spacehub kata 1.2 > kata-1.2.py"
    monkeypatch.setattr(progress, "passed", lambda: set(NUMBERS))
    assert kata_command.following("1.1") == "You passed all katas."


@pytest.mark.parametrize("number", NUMBERS)
def test_a_start_is_python_that_imports_each_module_once(number):
    start = ast.parse(kata.load(number).start)
    imported = [ast.unparse(one) for one in start.body if isinstance(one, ast.Import | ast.ImportFrom)]
    assert len(set(imported)) == len(imported)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_solution_passes_and_the_typical_mistake_does_not(number):
    one = kata.load(number)
    solution, wrong = {}, {}
    exec(one.source("solution"), solution)  # noqa: S102
    exec(one.source("wrong"), wrong)  # noqa: S102
    failed = []
    with np.errstate(all="ignore"):
        for check in one.module.CHECKS:
            check.run(solution[one.function])
            try:
                check.run(wrong[one.function])
            except Exception:
                failed.append(check.name)
    assert failed
    names = [check.name for check in one.module.CHECKS]
    assert len(set(names)) == len(names) >= 2
    assert one.task
    assert one.hints
    assert callable(getattr(one.module, one.function))


def test_there_are_enough_in_every_week_and_ten_for_interviews():
    weeks = [int(number.partition(".")[0]) for number in NUMBERS]
    assert len(NUMBERS) >= 60
    assert all(weeks.count(week) >= 4 for week in range(1, 13))
    assert sum(kata.load(number).title.startswith("Interview") for number in NUMBERS) == 10
    for week in set(weeks):
        of_week = [number for number in NUMBERS if number.startswith(f"{week}.")]
        assert of_week == [f"{week}.{place}" for place in range(1, len(of_week) + 1)]


def test_a_try_in_its_own_process_passes_or_says_what_was_wrong(tmp_path):
    assert tried("4.1", kata.load("4.1").source("solution"), tmp_path).passed
    result = tried("4.1", kata.load("4.1").source("wrong"), tmp_path)
    said = kata_command.feedback(kata.load("4.1"), result)
    assert "FAIL  a ratio of three to one\n        gini([3, 1]) returned 0.25; expected 0.375." in said
    assert "ok    two equal classes" in said
    assert "of 4 checks passed." in said


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("def gini(counts)\n    return 0", "SyntaxError: expected ':', in line 1."),
        ("x = 1 / 0", "ZeroDivisionError: division by zero, in line 1."),
        ("def genie(counts):\n    return 0", "does not define the function gini()."),
        ("raise SystemExit", "SystemExit"),
        ("gini = [0] * 10**10", "MemoryError"),
        (
            "import os\nos._exit(0)",
            "It used too much memory or was stopped in the check: a pure node has an impurity of 0.",
        ),
        (
            "def gini(counts):\n    import os\n    os.kill(os.getpid(), 9)",
            "stopped in the check: a pure node has an impurity of 0.",
        ),
    ],
)
def test_a_file_that_does_not_run_is_a_sentence(source, problem, tmp_path):
    result = tried("4.1", source, tmp_path)
    assert problem in result.problem
    assert not result.passed


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("pass", "returned None. Does your function end with a return?"),
        ("return counts[9]", "gini() raised IndexError: list index out of range, in line 2."),
        ("return 0.0 if counts.pop() else 0.0", "changed its arguments. Work on a copy."),
        ("return gini(counts)", "RecursionError"),
        ("return [0] * 10**10", "MemoryError"),
        ("return 'x' * 10**6", "returned 'xxx"),
    ],
)
def test_a_function_that_fails_is_a_sentence(body, wrong, tmp_path):
    result = tried("4.1", f"def gini(counts):\n    {body}\n", tmp_path)
    assert wrong in result.checks[0][1]
    assert len(result.checks[0][1]) < 1000
    assert not result.problem


def test_a_try_is_stopped_after_its_time_and_names_the_check(tmp_path, monkeypatch):
    monkeypatch.setattr(kata, "SECONDS", 4)
    result = tried(
        "4.1",
        "def gini(counts):\n    while len(counts) == 4:\n        pass\n    return 1 - sum((c / sum(counts)) ** 2 for c in counts)",
        tmp_path,
    )
    assert "in the check: four equal classes." in result.problem
    assert [wrong for _, wrong in result.checks] == ["", "", "", None]


def test_what_a_try_started_ends_with_it(tmp_path):
    source = (
        "import subprocess, sys\n"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid)\n"
        "def gini(counts):\n    return 0\n"
    )
    started = int(tried("4.1", source, tmp_path).printed)
    for _ in range(500):
        if not alive(started):
            return
        time.sleep(0.01)
    pytest.fail(f"Process {started} is still running.")


def alive(process: int) -> bool:
    """Return whether a process runs; one that ended and was not yet waited for does not."""
    try:
        state = (
            pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        )
    except FileNotFoundError:
        return False
    return state != "Z"


def test_without_numpy_there_is_a_sentence(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("spacehub.course.katas.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "spacehub.course.checks")
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(SpaceHubError, match=r"The katas need the numpy package.*pip install"):
        kata.load("1.8")


def test_a_try_runs_in_a_folder_of_its_own_with_a_bounded_output_and_no_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    source = "import os\nprint(sorted(os.listdir()), os.environ.get('HF_TOKEN'))\nprint('y' * 500_000)\nprint('y' * 900_000)\n"
    result = tried("4.1", source, tmp_path)
    assert "try.py" in result.printed
    assert "hf_secret" not in result.printed
    assert "mine.py" not in result.printed
    assert len(result.printed) <= kata.SHOWN


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "Cannot read"), (b"\xff", "it is not UTF-8"), (b"#" * 200_000, "200,000 bytes")],
)
def test_a_file_that_cannot_be_read_is_a_sentence(content, problem, tmp_path):
    file = tmp_path / "mine.py"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SpaceHubError, match=problem):
        kata.check(kata.load("4.1"), file)


def command(capsys, *given, code=0):
    parser = argparse.ArgumentParser()
    kata_command.add_kata(parser.add_subparsers())
    options = parser.parse_args(["kata", *given])
    if code:
        with pytest.raises(SystemExit) as stopped:
            options.run(options)
        assert stopped.value.code == code
    else:
        options.run(options)
    return capsys.readouterr().out


def test_the_command_lists_begins_checks_helps_and_records(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("SPACEHUB_HOME", str(tmp_path / "home"))
    assert re.search(r"^    3\.2  A gradient step$", command(capsys), re.MULTILINE)
    file = tmp_path / "mine.py"
    file.write_text(command(capsys, "3.2"), encoding="utf-8")
    assert "# Kata 3.2: A gradient step" in file.read_text(encoding="utf-8")
    assert f"spacehub kata 3.2 {file} --hint 1   (of 3)" in command(capsys, "3.2", str(file), code=1)
    said = command(capsys, "3.2", str(file), "--hint", "2", code=1)
    assert "0 of 4 checks passed." in said
    assert "Hint 2:" in said
    assert "Hint 3:" not in said
    assert said.endswith("--hint 3   (of 3)\n")
    file.write_text(kata.load("3.2").source("solution"), encoding="utf-8")
    said = command(capsys, "3.2", str(file))
    assert "4 of 4 checks passed." in said
    assert f"Recorded in {tmp_path / 'home' / 'progress.json'}" in said
    assert said.endswith("Next: spacehub kata 3.3 > kata-3.3.py\n")
    assert re.search(r"^✓   3\.2  A gradient step$", command(capsys), re.MULTILINE)
    assert progress.record("3.2") == tmp_path / "home" / "progress.json"
    assert list(progress.read(tmp_path / "home" / "progress.json").katas) == ["3.2"]
    with pytest.raises(SpaceHubError, match=r"The kata '9\.99' does not exist"):
        command(capsys, "9.99")


@pytest.mark.parametrize(
    ("found", "expected", "alike"),
    [
        (0.1 + 0.2, 0.3, True),
        (1, True, False),
        (True, 1, False),
        ((1, 2), [1, 2], True),
        ([1, [2]], [1, [3]], False),
        ([1, 2], [1], False),
        ("a", "a", True),
        (None, 0, False),
        (float("nan"), 0.0, False),
        (float("inf"), float("inf"), True),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"b": 1}, False),
    ],
)
def test_answers_are_compared_as_a_person_would(found, expected, alike):
    assert same(found, expected, 1e-9) is alike


def test_a_message_is_short():
    assert len(shown(list(range(10_000)))) < 200
    with pytest.raises(Failed, match=r"f\(2\) returned 3; expected 4\."):
        returns("four", 4, 2).run(_three)


def _three(x):
    return 3


_three.__name__ = "f"
