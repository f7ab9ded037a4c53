"""A model's versions drawn: the metric by commit with its interval, and a table of the same."""

from datetime import datetime

from space_app import pull
from space_app.cards.history import Version
from space_app.words import age, commit_link, esc

WIDTH, HEIGHT, LEFT, EDGE = 300, 120, 52, 12


def draw(repo_id: str, versions: list[Version]) -> str:
    """Draw the versions of a model, newest first, as HTML; nothing if there are none."""
    if not versions:
        return ""
    rows = "".join(_row(repo_id, version) for version in versions)
    return (
        f'<section class="versions"><h3>Versions</h3>{_chart(versions[::-1]) if len(versions) > 1 else ""}'
        f"<table><thead><tr><th>commit</th><th>{esc(versions[0]['name'])}</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></section>"
    )


def _row(repo_id: str, version: Version) -> str:
    page = pull.address(repo_id, repo_type="model", commit=version["commit"])
    made = datetime.fromisoformat(version["published"]) if version["published"] else None
    about = ", ".join(filter(None, [age(made), version["preset"] and f"{version['preset']} preset"]))
    counted = [] if version["n"] is None else [f"n = {version['n']:,}"]
    if version["low"] is not None:
        counted.insert(0, f"{_short(version['low'])} to {_short(version['high'])}")
    return (
        f"<tr><td>{commit_link(page, version['commit'])}<small>{esc(about)}</small></td>"
        f"<td><b>{esc(_short(version['value']))}</b><small>{esc(', '.join(counted))}</small></td></tr>"
    )


def _chart(versions: list[Version]) -> str:
    """Draw the values, oldest first, each with its interval; all on one scale."""
    ends = [(_end(one, "low"), _end(one, "high")) for one in versions]
    bottom, top = min(low for low, _ in ends), max(high for _, high in ends)
    spread = (top - bottom) or 1.0
    step = (WIDTH - LEFT - 2 * EDGE) / (len(versions) - 1)

    def height(value: float) -> float:
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - bottom) / spread, 1)

    places = [round(LEFT + EDGE + step * place, 1) for place in range(len(versions))]
    marks = "".join(
        f'<line x1="{x}" x2="{x}" y1="{height(low)}" y2="{height(high)}"/>'
        f'<circle cx="{x}" cy="{height(one["value"])}" r="4"><title>{esc(one["commit"][:7])}: '
        f"{esc(_short(one['value']))}</title></circle>"
        for x, one, (low, high) in zip(places, versions, ends, strict=True)
    )
    path = " ".join(f"{x},{height(one['value'])}" for x, one in zip(places, versions, strict=True))
    scale = "".join(
        f'<text x="{LEFT - 8}" y="{height(value) + 4}" text-anchor="end">{esc(_short(value))}</text>'
        for value in dict.fromkeys((bottom, top))
    )
    words = f"{versions[0]['name']} of {len(versions)} versions, oldest first: " + ", ".join(
        _short(one["value"]) for one in versions
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{esc(words)}">'
        f'{scale}<polyline points="{path}"/>{marks}</svg>'
    )


def _end(version: Version, name: str) -> float:
    return version["value"] if version[name] is None else version[name]


def _short(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"
