"""Render one flight, and many flights, for the Lander tab."""

from collections.abc import Sequence

from space_app.html import render
from space_app.served.flights import Flown, Many
from space_app.served.pilots import PILOTS, absence
from space_app.watch import Watch
from spacehub.serving.words import percent_span

MARKS = {"landed": "ok", "off the pad": "warn"}
UNTRAINED = {
    "heuristic": "Gymnasium's hand-written pilot.",
    "random": "A random action at every step.",
}


def waiting(watch: Watch) -> str:
    """List the agents that are not published yet, with how to publish them; empty if all are published."""
    missing = []
    if watch.looked:
        reasons = [(pilot.title, absence(watch, pilot)) for pilot in PILOTS.values()]
        missing = [(title, reason) for title, reason in reasons if reason]
    return render("lander/waiting.html", looked=watch.looked, missing=missing)


def verdict(flown: Sequence[Flown]) -> str:
    """Draw how each flight ended, and which model flew it."""
    flights = [
        {
            "title": one.who.pilot.title,
            "outcome": one.flight.outcome,
            "mark": MARKS.get(one.flight.outcome, "bad"),
            "sentence": outcome(one),
            "points": f"{one.flight.total_reward:.1f}",
            "fuel": f"{one.flight.fuel:.1f}",
            "steps": one.flight.steps,
            "status": one.who.status,
            "about": UNTRAINED.get(one.who.pilot.key, ""),
        }
        for one in flown
    ]
    return render("lander/verdict.html", flights=flights)


def outcome(flown: Flown) -> str:
    """Return a sentence on how a flight ended."""
    from spacehub.serving.lander.telemetry import telemetry

    seen = telemetry(flown.flight)
    x, seconds = float(seen.x[-1]), seen.time[-1]
    side = f"{abs(x):.1f} m {'right' if x > 0 else 'left'} of the middle"
    # The last observation is after the impact.
    speed = seen.speed[-2]
    return {
        "landed": f"Landed between the flags, {side}, after {seconds:.1f} s.",
        "off the pad": f"Came to rest {side}, not on the pad, after {seconds:.1f} s.",
        "crashed": f"Crashed {side} at {speed:.1f} m/s after {seconds:.1f} s.",
        "flew off": f"Flew out of the frame on the {'right' if x > 0 else 'left'} after {seconds:.1f} s.",
        "ran out of time": f"Did not come to rest within {seconds:.0f} s.",
    }[flown.flight.outcome]


def many(results: Sequence[Many]) -> str:
    """Draw how many of the flights landed, and the other numbers, as a table."""
    first = results[0]
    last_seed = first.first_seed + first.flights - 1
    seeds = f"{first.first_seed:,} to {last_seed:,}".replace(",", "\N{THIN SPACE}")
    return render("lander/many.html", seeds=seeds, rows=[_row(result) for result in results])


def _row(result: Many) -> dict:
    spread = result.returns.std(ddof=1) if result.flights > 1 else 0.0
    others = [f"{count} {name}" for name, count in result.outcomes.items() if count and name != "landed"]
    return {
        "title": result.who.pilot.title,
        "landed": result.landed / result.flights,
        "interval": percent_span(*result.interval),
        "returns": f"{result.returns.mean():.1f} ± {spread:.1f}",
        "fuel": f"{result.fuel.mean():.1f}",
        "others": ", ".join(others) or "none",
    }
