"""The page of the katas, with each kata's task, start, commands, names of checks, and hints. The code of the checks is not on it."""

import itertools

from docs.course import export, pages
from space_app.course.week import slug
from spacehub.course import kata

STEM = "katas"
_INTRODUCTION = """# The katas

In each kata, you write a small function, and a program checks your function. `spacehub kata 1.1 > kata-1.1.py` saves the starting code of kata 1.1 as a file. Complete the function in this file, then check it with `spacehub kata 1.1 kata-1.1.py`. This command runs your file in a separate process, with limits on time and memory. For each check, the command shows whether your function passed and, if not, what it returned. The command also records the katas that you pass. The app's `/course/progress` page can merge this record with your progress in the browser.

The checks run on your machine, in your own Python environment. To install the `spacehub` command, run `make env` in the project's folder, then `source .venv/bin/activate`.
"""


def markdown() -> str:
    """Return the page."""
    lines = [_INTRODUCTION]
    for week, numbers in itertools.groupby(kata.numbers(), key=lambda number: int(number.partition(".")[0])):
        page = pages.page(week)
        lines += [f"## Week {week}\n", f"[{export.title(page)}]({page.name})\n"]
        lines += [_section(kata.load(number)) for number in numbers]
    return "\n".join(lines)


def link(number: str) -> str:
    """Return a link to a kata's section on the page."""
    one = kata.load(number)
    return f"kata [`{number}` *{one.title}*]({STEM}.md#{slug(_heading(one))})"


def _heading(one: kata.Kata) -> str:
    return f"{one.number} {one.title}"


def _section(one: kata.Kata) -> str:
    *names, last = (f"“{check.name}”" for check in one.module.CHECKS)
    begin, check = (
        f"```bash\nspacehub kata {one.number} {how}kata-{one.number}.py\n```" for how in ("> ", "")
    )
    start = one.start.strip().replace("'''", '"""')
    hints = [
        f"<details>\n<summary>Hint {place}</summary>\n\n{hint}\n\n</details>\n"
        for place, hint in enumerate(one.hints, start=1)
    ]
    parts = [f"### {_heading(one)}", one.task, f"```python\n{start}\n```", begin, f"Your function must pass the checks {', '.join(names)} and {last}.", check, *hints]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts) + "\n"
