"""A small drift chart: the current distribution of answers, the training data's, and the input that moved most."""

from space_app.html import render
from space_app.monitoring.drift import ANSWER, Report

WIDTH, HEIGHT, GAP = 176, 40, 2
LITTLE, MUCH = 0.1, 0.25
FULL = 1.0  # the index of a full bar


def draw(report: Report | None) -> str:
    """Draw the counts of a model's answers as HTML; empty before the first answer."""
    if report is None:
        return ""
    return render(
        "mission_control/drift.html",
        width=WIDTH,
        height=HEIGHT,
        label=f"Share of the {report.n} answer{'' if report.n == 1 else 's'} in each bin of the training data",
        bars=_bars(report),
        words=words(report),
        moved=_moved(report),
    )


def words(report: Report) -> str:
    """Describe the chart in a sentence."""
    answers = f"{report.n:,} answer{'' if report.n == 1 else 's'} (narrow bars) compared with the training data (wide bars)"
    doubted = f", {100 * report.doubted / report.n:.0f} % doubted" if report.doubted else ""
    if not report.enough:
        return f"{answers}{doubted}. Too few answers to measure drift."
    name = max(report.index, key=report.index.get)
    value = report.index[name]
    much = "little drift" if value < LITTLE else "some drift" if value < MUCH else "much drift"
    where = (
        ""
        if len(report.index) == 1
        else f", most in {'the answers' if name == ANSWER else name.replace('_', ' ')}"
    )
    return f"{answers}{doubted}: {much} (PSI {value:.2f}{where})."


def _moved(report: Report) -> list[dict]:
    """Return the index of each input and of the answers, largest first, if there are several."""
    if not report.enough or len(report.index) == 1:
        return []
    return [
        {
            "name": "answers" if name == ANSWER else name.replace("_", " "),
            "value": f"{value:.2f}",
            "width": f"{100 * min(value / FULL, 1):.0f}",
        }
        for name, value in sorted(report.index.items(), key=lambda pair: -pair[1])
    ]


def _bars(report: Report) -> list[dict]:
    """Place a pair of bars for each bin: the training data behind, the current answers in front."""
    tallest = max(*report.then, *report.now, 1e-9)
    step = WIDTH / len(report.then)
    bars = []
    for place, (then, now) in enumerate(zip(report.then, report.now, strict=True)):
        for kind, share, left, width in (
            ("then", then, place * step, step - GAP),
            ("now", now, place * step + step / 4, step / 2 - GAP / 2),
        ):
            height = HEIGHT * share / tallest
            numbers = {"x": left, "y": HEIGHT - height, "width": width, "height": height}
            bars.append({"kind": kind} | {name: f"{number:.1f}" for name, number in numbers.items()})
    return bars
