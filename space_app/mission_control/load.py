"""A small chart of how fast the app answered, and its outcomes, queue and memory in a sentence."""

from space_app.html import render
from space_app.monitoring.load import EDGES, Report
from space_app.monitoring.requests import BUSY, CANCELLED, FAILED, REFUSED

WIDTH, HEIGHT, GAP = 352, 40, 2
NAMES = {REFUSED: "refused", BUSY: "turned away as busy", CANCELLED: "cancelled", FAILED: "failed"}


def draw(report: Report | None) -> str:
    """Draw the requests since the start as HTML; empty before the first."""
    if report is None:
        return ""
    step, tallest = WIDTH / len(report.bins), max(report.bins)
    bars = [
        {"x": place * step, "width": step - GAP, "height": HEIGHT * count / tallest}
        for place, count in enumerate(report.bins)
    ]
    return render(
        "mission_control/load.html",
        width=WIDTH,
        height=HEIGHT,
        bars=bars,
        edges=[_time(edge) for edge in EDGES],
        words=words(report),
    )


def words(report: Report) -> str:
    """Describe the chart in a sentence, with what waits and the memory."""
    is_single = report.n == 1
    half, most = (_within(report.within(share)) for share in (0.5, 0.95))
    said = [
        f"{report.n:,} request{'' if is_single else 's'} since the start: median {half}, 95th percentile {most}"
    ]
    said += [f"{report.outcomes[name]:,} {word}" for name, word in NAMES.items() if report.outcomes.get(name)]
    said.append(f"{report.waiting:,} waiting")
    if report.memory is not None:
        said.append(f"{report.memory / 2**20:,.0f} MiB of memory")
    return f"{'; '.join(said)}."


def _within(seconds: float | None) -> str:
    return f"more than {_time(EDGES[-1])}" if seconds is None else f"at most {_time(seconds)}"


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.0f} s"
