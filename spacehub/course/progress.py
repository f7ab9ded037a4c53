"""A learner's progress as a file: what the app's page saves, what `spacehub kata` records, and what a portfolio shows."""

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from spacehub import home
from spacehub.errors import SpaceHubError, reason

FORMAT, VERSION = "spacehub-progress", 1
LARGEST = 256 * 1024  # bytes
MOST, LONGEST, LONGEST_TEXT = 1000, 200, 600
BOXES = 5  # of the quiz
FILE = "progress.json"
_DAY = re.compile(r"(?:[1-9]|1[0-2])\.[1-7]")
_KATA = re.compile(r"(?:[1-9]|1[0-2])\.\d{1,2}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
FIX = "Save the progress again on the app's page /course/progress."


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The dates of finished days and katas, the predictions by day and by experiment, and the box of each quiz question."""

    days: dict[str, str] = field(default_factory=dict)
    katas: dict[str, str] = field(default_factory=dict)
    predictions: dict[str, dict[str, str]] = field(default_factory=dict)
    lab: dict[str, dict[str, str]] = field(default_factory=dict)
    questions: dict[str, dict] = field(default_factory=dict)


def read(path: Path) -> Progress:
    """Read a progress file.

    Raises
    ------
    SpaceHubError
        If it cannot be read, is too large, or has an entry that is not valid.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"The file is larger than {LARGEST:,} bytes.")
        given = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(given, dict) or given.get("format") != FORMAT:
            raise ValueError("The file does not contain progress in this course.")
        if type(given.get("version")) is not int or given["version"] != VERSION:
            raise ValueError(f"The file must have version {VERSION}.")
        for name, (key, valid) in _VALID.items():
            _require(name, given.get(name, {}), key, valid)
    except (OSError, ValueError, RecursionError) as error:
        raise SpaceHubError(f"Cannot read {path}. {reason(error)}", FIX) from error
    return Progress(**{name: given.get(name, {}) for name in Progress.__dataclass_fields__})


def record(kata: str) -> Path:
    """Record today as the date on which a kata was passed, unless it was passed before; return the file.

    Raises
    ------
    SpaceHubError
        If the file cannot be read or written.
    """
    path = home.ensure(home.home()) / FILE
    known = read(path) if path.exists() else Progress()
    if kata not in known.katas:
        text = {"format": FORMAT, "version": VERSION, **vars(known), "katas": {**known.katas, kata: f"{datetime.date.today()}"}}  # fmt: skip
        temporary = path.with_name(f".{FILE}.new")
        try:
            temporary.write_text(json.dumps(text, indent=1), encoding="utf-8")
            temporary.replace(path)
        except OSError as error:
            raise SpaceHubError(f"Cannot write {path}: {error.strerror}.", "Set SPACEHUB_HOME to another folder.") from error  # fmt: skip
    return path


def passed() -> set[str]:
    """Return the recorded katas; an empty set if the file does not exist or cannot be read."""
    try:
        return set(read(home.home() / FILE).katas)
    except SpaceHubError:
        return set()


def weeks(known: Progress) -> list[dict]:
    """Return a summary of each week: its number and title, how much is done, and its predictions."""
    from spacehub.course import kata
    from spacehub.lab import checkpoints

    summaries = []
    for number in range(1, checkpoints.WEEKS + 1):
        week, start = checkpoints.week(number), f"{number}."
        katas = [one for one in kata.numbers() if one.startswith(start)]
        keys = [question.key for question in week.questions]
        predictions = sorted((day, one) for day, one in known.predictions.items() if day.startswith(start))
        summaries.append(
            {
                "number": number,
                "title": week.title,
                "days": (sum(day.startswith(start) for day in known.days), 7),
                "katas": (sum(one in known.katas for one in katas), len(katas)),
                # A question counts as correct while it is in a box above the first.
                "questions": (
                    sum(known.questions.get(key, {"box": 1})["box"] > 1 for key in keys),
                    len(keys),
                ),
                "predictions": [one for _, one in predictions],
            }
        )
    return summaries


def _require(name: str, entries: object, key: re.Pattern, valid: Callable[[object], bool]) -> None:
    if not isinstance(entries, dict) or len(entries) > MOST:
        raise ValueError(f"The {name} section of the file must be a table with at most {MOST} entries.")
    for one, value in entries.items():
        if not key.fullmatch(one) or not valid(value):
            raise ValueError(f"The entry {one[:40]!r} in {name} is not valid.")


def _dated(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(datetime.date.fromisoformat(value))
    except ValueError:
        return False


def _text(value: object, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest and value.isprintable()


def _predicted(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= {"said", "at", "ask", "result"}
        and _dated(value.get("at"))
        and _text(value.get("said"), LONGEST)
        and all(_text(value.get(part, ""), LONGEST_TEXT) for part in ("ask", "result"))
    )


def _placed(value: object) -> bool:
    return (
        isinstance(value, dict)
        and type(value.get("box")) is int
        and 1 <= value["box"] <= BOXES
        and type(value.get("due")) in (int, float)
        and 0 <= value["due"] <= 8.64e15
    )


_VALID = {
    "days": (_DAY, _dated),
    "katas": (_KATA, _dated),
    "predictions": (_DAY, _predicted),
    "lab": (_NAME, _predicted),
    "questions": (_NAME, _placed),
}
