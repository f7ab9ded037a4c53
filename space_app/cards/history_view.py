"""Draw a model's versions: the metric per commit with its interval, and a table of the same values."""

from datetime import datetime

from space_app import pull
from space_app.cards.history import Version
from space_app.html import render
from space_app.words import age

WIDTH, HEIGHT, LEFT, EDGE = 300, 120, 52, 12


def draw(repo_id: str, versions: list[Version]) -> str:
    """Return a model's versions, newest first, as HTML; empty if there are none."""
    if not versions:
        return ""
    return render(
        "cards/versions.html",
        metric=versions[0]["name"],
        chart=_chart(versions[::-1]) if len(versions) > 1 else None,
        rows=[_row(repo_id, version) for version in versions],
    )


def _row(repo_id: str, version: Version) -> dict[str, str]:
    published = datetime.fromisoformat(version["published"]) if version["published"] else None
    counted = [] if version["n"] is None else [f"n = {version['n']:,}"]
    if version["low"] is not None:
        counted.insert(0, f"{_short(version['low'])} to {_short(version['high'])}")
    return {
        "page": pull.address(repo_id, repo_type="model", commit=version["commit"]),
        "commit": version["commit"],
        "about": ", ".join(
            filter(None, [age(published), version["preset"] and f"{version['preset']} preset"])
        ),
        "value": _short(version["value"]),
        "counted": ", ".join(counted),
    }


def _chart(versions: list[Version]) -> dict:
    """Place the values on one scale, oldest first, each with its interval."""
    ends = [(_end(version, "low"), _end(version, "high")) for version in versions]
    bottom, top = min(low for low, _ in ends), max(high for _, high in ends)
    spread = (top - bottom) or 1.0
    step = (WIDTH - LEFT - 2 * EDGE) / (len(versions) - 1)

    def height(value: float) -> float:
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - bottom) / spread, 1)

    marks = [
        {
            "x": round(LEFT + EDGE + step * place, 1),
            "y": height(version["value"]),
            "low": height(low),
            "high": height(high),
            "title": f"{version['commit'][:7]}: {_short(version['value'])}",
        }
        for place, (version, (low, high)) in enumerate(zip(versions, ends, strict=True))
    ]
    values = ", ".join(_short(version["value"]) for version in versions)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT - 8,
        "label": f"{versions[0]['name']} of {len(versions)} versions, oldest first: {values}",
        "scale": [(height(value) + 4, _short(value)) for value in dict.fromkeys((bottom, top))],
        "path": " ".join(f"{mark['x']},{mark['y']}" for mark in marks),
        "marks": marks,
    }


def _end(version: Version, name: str) -> float:
    return version["value"] if version[name] is None else version[name]


def _short(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"
