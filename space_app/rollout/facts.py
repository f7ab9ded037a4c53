"""What a repository states of itself, ``results.json`` or ``build.json``: read only if the page can show all of it."""

import json
import math
from pathlib import Path

from space_app.rollout import sizes
from spacehub.errors import reason

NUMBERS = ("value", "low", "high")
COUNTS = ("n", "failures")


def read(path: Path) -> dict:
    """Read the file.

    Raises
    ------
    OSError
        When there is no such file.
    ValueError
        When it is not a JSON object of bounded size whose `metrics`, rows and dates have the types that we publish.
    """
    if path.stat().st_size > sizes.most(path.name):
        raise ValueError(f"{path.name} is larger than {sizes.most(path.name):,} bytes.")
    try:
        facts = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except RecursionError:
        raise ValueError(f"{path.name} is nested too deeply.") from None
    except ValueError as error:
        raise ValueError(f"{path.name} is not JSON. {reason(error)}") from None
    if not isinstance(facts, dict):
        raise ValueError(f"{path.name} is not a JSON object.")
    problem = _problem(facts)
    if problem:
        raise ValueError(f"{path.name}: {problem}")
    return facts


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a valid JSON number.")


def _problem(facts: dict) -> str | None:
    metrics = facts.get("metrics", [])
    if not isinstance(metrics, list) or not all(isinstance(one, dict) for one in metrics):
        return "metrics is not a list of objects"
    for one in metrics:
        for name in ("key", "name", "split"):
            if one.get(name) is not None and not _text(one[name]):
                return f"{name} of a metric is not a short text"
        numbers = [one.get(name) for name in (*NUMBERS, *COUNTS)]
        baseline = one.get("baseline") or {}
        if not isinstance(baseline, dict) or not all(map(_text, baseline)):
            return "baseline of a metric is not an object"
        if not all(value is None or _number(value) for value in [*numbers, *baseline.values()]):
            return f"a number of the metric {one.get('key')!r} is not one"
        if one.get("value") is not None and not _text(one.get("name")):
            return "a metric has no name"
    rows = facts.get("rows")
    if rows is not None and (isinstance(rows, bool) or not isinstance(rows, int)):
        return "rows is not a whole number"
    if not isinstance(facts.get("preset", ""), str | None):
        return "preset is not text"
    return None


def _text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 200


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
