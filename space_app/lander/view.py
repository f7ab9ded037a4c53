"""What the tab Lander says of a flight, and of many, in words."""

from collections.abc import Sequence

from space_app.served.flights import Flown, Many
from space_app.served.pilots import PILOTS, Aboard, absence
from space_app.watch import Watch
from space_app.words import age, commit_link, esc
from spacehub.serving.words import percent, percent_span

MARKS = {"landed": "ok", "off the pad": "warn"}


def waiting(watch: Watch) -> str:
    """Tell which agents are not on the Hub yet, and what makes them; nothing when all are."""
    if not watch.looked:
        return '<div class="notice news">Asking the Hub for the trained agents …</div>'
    missing = []
    for pilot in PILOTS.values():
        if why := absence(watch, pilot):
            words, _, command = why.partition("This makes it: ")
            code = f"<code>{esc(command)}</code>" if command else ""
            missing.append(f"<li><b>{esc(pilot.title)}</b> {esc(words)}{code}</li>")
    if not missing:
        return ""
    return (
        '<div class="notice news">Not on the Hub yet; each joins the list of agents once it is published:'
        f"<ul>{''.join(missing)}</ul></div>"
    )


def verdict(flown: Sequence[Flown]) -> str:
    """Draw how each flight ended, and which model flew it."""
    return f'<section class="flights-ended" aria-live="polite">{"".join(map(_ended, flown))}</section>'


def _ended(flown: Flown) -> str:
    flight = flown.flight
    return f"""
<article class="ended {MARKS.get(flight.outcome, "bad")}" data-outcome="{esc(flight.outcome)}">
  <h3>{esc(flown.who.pilot.title)}</h3>
  <p>{esc(outcome(flown))}</p>
  <p class="points"><b>{flight.total_reward:.1f}</b> points, fuel {flight.fuel:.1f}, {flight.steps} steps</p>
  {_provenance(flown.who)}
</article>"""


def outcome(flown: Flown) -> str:
    """Tell in a sentence how a flight ended."""
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
        "flew off": f"Flew out of the picture on the {'right' if x > 0 else 'left'} after {seconds:.1f} s.",
        "ran out of time": f"Was not at rest when the time was up, after {seconds:.0f} s.",
    }[flown.flight.outcome]


def _provenance(who: Aboard) -> str:
    if who.status is None:
        words = {
            "heuristic": "Gymnasium's hand-written pilot.",
            "random": "Any engine, at random, every step.",
        }
        return f'<p class="provenance">{esc(words[who.pilot.key])}</p>'
    link = commit_link(who.status.page, who.status.commit)
    return f'<p class="provenance">{esc(who.status.entry.repo_id)} at {link}, published {age(who.status.made)}.</p>'


def many(results: Sequence[Many]) -> str:
    """Draw how many of the flights landed, and the rest, as a table."""
    first = results[0]
    seeds = f"{first.first_seed:,} to {first.first_seed + first.flights - 1:,}".replace(",", "\N{THIN SPACE}")
    rows = "".join(map(_many_row, results))
    return (
        f'<p>Seeds {seeds}, the same for all.</p><table class="many-flights"><thead><tr><th>Agent</th>'
        "<th>Landed</th><th>Return, mean ± std</th><th>Fuel</th><th>The others</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _many_row(result: Many) -> str:
    low, high = result.interval
    others = ", ".join(
        f"{count} {name}" for name, count in result.outcomes.items() if count and name != "landed"
    )
    spread = result.returns.std(ddof=1) if result.flights > 1 else 0.0
    return (
        f"<tr><td><b>{esc(result.who.pilot.title)}</b></td>"
        f"<td><b>{esc(percent(result.landed / result.flights))}</b> "
        f"<small>95&nbsp;% interval {esc(percent_span(low, high))}</small></td>"
        f'<td data-label="Return">{result.returns.mean():.1f} ± {spread:.1f}</td>'
        f'<td data-label="Fuel">{result.fuel.mean():.1f}</td>'
        f'<td data-label="The others">{esc(others or "none")}</td></tr>'
    )
