"""The course's 84 days, read from ``days.toml`` and written as a page with each day's task, places and checks."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from docs.course import export, katas, pages
from space_app.course.week import EXPERIMENTS, slug

DATA, STEM = pages.FOLDER / "days.toml", "days"
TITLES = {key: title for title, key in EXPERIMENTS.items()}
_HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
_RESULT = re.compile(r"^<!-- result (\d): (.+?) -->$", re.MULTILINE)
_CODE = re.compile(r"```.*?```", re.DOTALL)
_INTRODUCTION = """# The course, day by day

Each day takes about 20 minutes and has three parts: predict, do and check. Write down your prediction before you run anything.
To see the result on GitHub, click the question. In the app (`/course/days`), the result appears after you enter your prediction. Your
browser stores your predictions and the days that you tick off. `spacehub kata 1.1 > mine.py` starts a kata, and
`spacehub kata 1.1 mine.py` checks your solution. Each exercise has a solution that you can compare with yours.
"""


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day: its `task`, the question to `predict` first (may be empty), the places `where` to do it, and its `check`; see ``days.toml``."""

    week: int
    number: int
    task: str
    predict: str
    where: tuple[str, ...]
    check: tuple[str, ...]


def days() -> list[Day]:
    """Return all days in order."""
    weeks = tomllib.loads(DATA.read_text(encoding="utf-8"))["week"]
    return [
        Day(
            week=week,
            number=number,
            task=day["task"],
            predict=day.get("predict", ""),
            where=tuple(day["where"]),
            check=tuple(day["check"]),
        )
        for week, one in enumerate(weeks, start=1)
        for number, day in enumerate(one["days"], start=1)
    ]


def headings(stem: str) -> dict[str, str]:
    """Return the headings of a page by their anchors."""
    text = _CODE.sub("", (pages.FOLDER / f"{stem}.md").read_text(encoding="utf-8"))
    return {slug(found): found for found in _HEADING.findall(text)}


def results(built: Path, week: int) -> dict[int, str]:
    """Return the result for each day's prediction, from the comments ``<!-- result 3: … -->`` on the week's built page."""
    try:
        text = (built / f"week-{week:02}.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    return {int(day): found for day, found in _RESULT.findall(text)}


def markdown(built: Path = export.BUILT) -> str:
    """Return the page, with the results of the week's pages in the `built` folder.

    Raises
    ------
    KeyError
        If a day names a part of a page or an experiment that does not exist.
    """
    lines, week = [_INTRODUCTION], 0
    for day in days():
        if day.week != week:
            week = day.week
            title = export.title(pages.page(week))
            lines += [f"\n## Week {week}\n", f"[{title}](week-{week:02}.md)\n"]
            lines += ["| day | task | where | check |", "|---|---|---|---|"]
        where, check = ("; ".join(_place(one, day.week) for one in named) for named in (day.where, day.check))
        # A fold in a table cell also works on GitHub. Days of a week that was not built have no fold.
        known = results(built, week).get(day.number)
        fold = (
            f" <details><summary>{day.predict}</summary> Result: {known}</details>"
            if day.predict and known
            else ""
        )
        lines.append(f"| {day.number} | {day.task}{fold} | {_capitalised(where)} | {_capitalised(check)} |")
    return "\n".join(lines) + "\n"


def _capitalised(text: str) -> str:
    return re.sub(r"\A\[?[a-z]", lambda found: found[0].upper(), text)


def _place(text: str, week: int) -> str:
    """Return a place or check as Markdown."""
    kind, _, name = text.partition(":")
    if text == "quiz":
        return f"Lab › Checkpoints, week {week}"
    if kind == "lab":
        return f"Lab › {TITLES[name]}"
    if kind == "tab":
        return f"tab *{name.replace('-', ' ').capitalize()}*"
    if kind == "docs":
        return f"page [“{name.removesuffix('.md').replace('-', ' ')}”](../../../docs/{name})"
    if kind == "kata":
        return katas.link(name)
    if kind == "exercise":
        return f"[exercise {name}](week-{week:02}.md#exercises)"
    if kind == "run":
        return f"`{name}`"
    stem, _, part = text.partition("#")
    if part:
        return f"section [“{headings(stem)[part]}”]({stem}.md#{part})"
    return f"page [“{export.title(pages.FOLDER / f'{stem}.md')}”]({stem}.md)"
