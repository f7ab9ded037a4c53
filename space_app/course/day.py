"""Read the days' built page: each day's prediction with its result, and its katas."""

import re

from space_app.course.week import WEEKS, text_of

_WEEK = re.compile(r"^## Week (\d+)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| (\d) \| (.*?) \|", re.MULTILINE)
_KATA = re.compile(r"[Kk]ata \[`([\d.]+)` \*([^*]+)\*\]")
_PREDICT = re.compile(r"<details><summary>(.*?)</summary> Result: (.*?)</details>")


def days() -> dict[int, list[dict[str, str]]]:
    """Return each week's days, with `key`, such as 3.2, `ask` and `result`; both are empty if there is nothing to predict.

    If a week's days were not built, its list is empty.
    """
    found = {number: [] for number in range(1, WEEKS + 1)}
    for week, rows in _WEEK.findall(text_of("days") or ""):
        for number, task in _ROW.findall(rows):
            asked = _PREDICT.search(task)
            ask, result = (text.replace("`", "").strip() for text in asked.groups()) if asked else ("", "")
            found[int(week)].append({"key": f"{week}.{number}", "ask": ask, "result": result})
    return found


def katas() -> dict[int, list[dict[str, str]]]:
    """Return each week's katas, with `number`, such as 3.2, and `title`."""
    listed = {number: [] for number in range(1, WEEKS + 1)}
    for number, title in _KATA.findall(text_of("days") or ""):
        listed[int(number.partition(".")[0])].append({"number": number, "title": title})
    return listed
