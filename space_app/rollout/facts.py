"""Read the facts that a repository states about itself (``results.json``, ``build.json``), if the page can show them all."""

from pathlib import Path

from space_app.rollout import sizes
from spacehub.serving import stated

MOST_METRICS, MOST_BASELINES, MOST_ROWS, LARGEST = 200, 20, 10**12, 1e12

LONGEST = 200  # characters
NUMBERS = ("value", "low", "high")
COUNTS = ("n", "failures")


def read(path: Path) -> dict:
    """Read the file.

    Raises
    ------
    OSError
        If the file does not exist.
    ValueError
        If the file is not a JSON object of bounded size, or its `metrics`, rows or dates do not have the
        published types.
    """
    facts = stated.read(path, largest=sizes.most(path.name))
    problem = _problem(facts)
    if problem:
        raise ValueError(f"{path.name}: {problem}")
    return facts


def _problem(facts: dict) -> str | None:
    metrics = facts.get("metrics", [])
    if not isinstance(metrics, list) or not all(isinstance(one, dict) for one in metrics):
        return "metrics is not a list of objects"
    if len(metrics) > MOST_METRICS:
        return f"there are more than {MOST_METRICS} metrics"
    for one in metrics:
        for name in ("key", "name", "split"):
            if one.get(name) is not None and not _text(one[name]):
                return f"{name} of a metric is not a string of at most {LONGEST} characters"
        numbers = [one.get(name) for name in (*NUMBERS, *COUNTS)]
        baseline = one.get("baseline") or {}
        if not isinstance(baseline, dict) or not all(map(_text, baseline)) or len(baseline) > MOST_BASELINES:
            return f"baseline of a metric is not an object with at most {MOST_BASELINES} numbers"
        if not all(value is None or _number(value) for value in [*numbers, *baseline.values()]):
            return f"a value of the metric {one.get('key')!r} is not a number"
        if one.get("value") is not None and not _text(one.get("name")):
            return "a metric has no name"
    rows = facts.get("rows")
    if rows is not None and not (isinstance(rows, int) and stated.is_number(rows, 0, MOST_ROWS)):
        return f"rows is not a whole number up to {MOST_ROWS:,}"
    if not isinstance(facts.get("preset", ""), str | None):
        return "preset is not text"
    return None


def _text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST


def _number(value: object) -> bool:
    return stated.is_number(value, -LARGEST, LARGEST)
