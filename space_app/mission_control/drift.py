"""A small picture of drift: how answers are spread now, next to the training data, and which input moved most."""

from space_app.monitoring.drift import ANSWER, Report
from space_app.words import esc

WIDTH, HEIGHT, GAP = 176, 40, 2
LITTLE, MUCH = 0.1, 0.25


def draw(report: Report | None) -> str:
    """Draw what was counted of a model's answers as HTML; nothing before the first one."""
    if report is None:
        return ""
    return f'<div class="drift">{_bars(report)}<small>{esc(words(report))}</small></div>'


def words(report: Report) -> str:
    """Return what the picture shows."""
    answers = f"{report.n:,} answer{'' if report.n == 1 else 's'} (dark) against the training data (light)"
    doubted = f", {100 * report.doubted / report.n:.0f} % doubted" if report.doubted else ""
    if not report.enough:
        return f"{answers}{doubted}. Too few to measure drift."
    name = max(report.index, key=report.index.get)
    value = report.index[name]
    much = "little drift" if value < LITTLE else "some drift" if value < MUCH else "much drift"
    where = "" if len(report.index) == 1 else f", most in {'the answers' if name == ANSWER else name}"
    return f"{answers}{doubted}: {much} (PSI {value:.2f}{where})."


def _bars(report: Report) -> str:
    """Draw a pair of bars for each bin: the training data behind, what is answered now in front."""
    count = len(report.then)
    tallest = max(*report.then, *report.now, 1e-9)
    step = WIDTH / count
    parts = []
    for place, (then, now) in enumerate(zip(report.then, report.now, strict=True)):
        for kind, share, left, width in (
            ("then", then, place * step, step - GAP),
            ("now", now, place * step + step / 4, step / 2 - GAP / 2),
        ):
            tall = HEIGHT * share / tallest
            parts.append(
                f'<rect class="{kind}" x="{left:.1f}" y="{HEIGHT - tall:.1f}" width="{width:.1f}" height="{tall:.1f}"/>'
            )
    label = esc(f"Shares of {report.n} answers by bin of the training data")
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )
