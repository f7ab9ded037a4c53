"""The course's 84 days: each names a task, a place that exists and a check that exists, and no kata is left out."""

import contextlib
import importlib.util
import inspect
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

from docs.course import days, export, katas, pages
from space_app.course.week import EXPERIMENTS, slug
from space_app.page import TABS
from spacehub import cli
from spacehub.course import kata

DAYS = days.days()
ROOT = Path(__file__).parents[2]


def exists(place: str, week: int) -> bool:
    """Return whether a place or check of ``days.toml`` is there."""
    kind, _, name = place.partition(":")
    if kind == "lab":
        return name in EXPERIMENTS.values()
    if kind == "tab":
        return name in {one.key.replace("_", "-") for one in TABS}
    if kind == "docs":
        return (ROOT / "docs" / name).is_file()
    if kind == "kata":
        return name in kata.numbers()
    if kind == "exercise":
        return f"\n**{name}.** " in pages.page(week).read_text(encoding="utf-8").split("## Exercises")[1] + (
            pages.INTERVIEW.read_text(encoding="utf-8") if week == 12 else ""
        )
    if kind == "run":
        return runs(shlex.split(name))
    if place == "quiz":
        return True
    stem, _, part = place.partition("#")
    return (pages.FOLDER / f"{stem}.md").is_file() and (not part or part in days.headings(stem))


def runs(command: list[str]) -> bool:
    """Return whether a command names a program, a module or a file that exists, with arguments that it knows."""
    program, *arguments = command
    if program == "spacehub":
        with contextlib.redirect_stderr(io.StringIO()):
            return bool(cli._parser().parse_args(arguments))
    if program == "python":
        return arguments[0] == "-m" and importlib.util.find_spec(arguments[1]) is not None
    if program == "bash":
        return (ROOT / arguments[0]).is_file()
    # Not everybody has Docker.
    return program == "docker" or shutil.which(program) is not None


def test_there_are_seven_days_a_week_for_twelve_weeks():
    assert [(day.week, day.number) for day in DAYS] == [
        (week, number) for week in range(1, 13) for number in range(1, 8)
    ]
    assert len({day.task for day in DAYS}) == 84
    assert [day.week for day in DAYS if "quiz" in day.check] == list(range(1, 13))


@pytest.mark.parametrize("day", DAYS, ids=lambda day: f"{day.week}.{day.number}")
def test_a_day_has_a_task_a_place_and_a_check_that_exist(day):
    assert day.task.endswith((".", "?"))
    assert day.where
    assert day.check
    assert [one for one in (*day.where, *day.check) if not exists(one, day.week)] == []


def test_every_kata_and_every_exercise_belongs_to_one_day():
    done = [one.removeprefix("kata:") for day in DAYS for one in day.check if one.startswith("kata:")]
    assert sorted(done) == sorted(kata.numbers())
    assert all(int(one.partition(".")[0]) == day.week for day in DAYS for kind, _, one in [c.partition(":") for c in day.check] if kind == "kata")  # fmt: skip
    for path in pages.pages():
        week = int(path.stem[-2:])
        there = re.findall(r"^\*\*(\d)\.\*\*", path.read_text(encoding="utf-8"), re.MULTILINE)
        named = [c.removeprefix("exercise:") for d in DAYS if d.week == week for c in d.check if c.startswith("exercise:")]  # fmt: skip
        assert sorted(named) == there, path.stem


def test_every_lab_experiment_is_a_day_s_place():
    assert {f"lab:{key}" for key in EXPERIMENTS.values()} - {p for day in DAYS for p in day.where} == {
        "lab:checkpoints"
    }


def test_the_built_page_is_the_data_s():
    assert (export.BUILT / "days.md").read_text(encoding="utf-8") == days.markdown(), "Run make course."
    assert days.markdown().count("\n| 1 |") == 12


def test_the_katas_page_has_each_task_and_names_its_checks_without_their_code():
    page = (export.BUILT / "katas.md").read_text(encoding="utf-8")
    assert page == katas.markdown(), "Run make course."
    headings = [slug(found) for found in re.findall(r"^### (.+)$", page, re.MULTILINE)]
    assert len(set(headings)) == len(headings) == len(kata.numbers())
    links = re.findall(r"\(katas\.md#([^)]+)\)", days.markdown())
    assert sorted(links) == sorted(headings)
    for number in kata.numbers():
        one = kata.load(number)
        assert f"```bash\nspacehub kata {number} > kata-{number}.py\n```" in page
        assert all(check.name in page for check in one.module.CHECKS)
        assert inspect.getsource(getattr(one.module, one.function)) not in page


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Keep it: a first repository", "keep-it-a-first-repository"),
        ("Hubble's line of 1929", "hubbles-line-of-1929"),
        ("The same: coefficients and R²", "the-same-coefficients-and-r"),
        ("A memory – RNN", "a-memory--rnn"),
    ],
)
def test_a_heading_s_name_is_github_s(heading, name):
    assert slug(heading) == name
