"""What the tab Landing shows of an answer: the chance, why, and the flights most like it."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from space_app.watch import Status
from space_app.words import age, as_text, commit_link, esc, renaming
from spacehub.errors import SpaceHubError
from spacehub.serving.fields import Field
from spacehub.serving.landing import Example, Explanation, LandingPredictor
from spacehub.serving.words import percent, plain

LISTED, DIFFERENCES = 10, 3
RAISES, LOWERS = "#1f9e89", "#d9643a"


def shown(value: float | str | None, field: Field) -> str:
    """Write a field's value with its unit."""
    if value is None or value == "" or value != value:
        return "unknown"
    return f"{plain(value)} {field.unit}".rstrip() if field.is_number else str(value)


def waiting(status: Status, sentence: str) -> str:
    """Draw what the tab shows before there is a model."""
    return (
        f'<div class="waiting news"><h3>{esc(status.entry.title)} is not here yet</h3>'
        f"<p>{esc(status.entry.summary)}</p><p>{esc(sentence)}</p>"
        "<p>The form opens by itself as soon as the model is published.</p></div>"
    )


def loud(status: Status) -> str:
    """Draw the warning over a model that learned from generated data; nothing over a real one."""
    if not status.simulated:
        return ""
    return (
        '<div class="notice loud news"><b>Simulated data.</b> This model learned from generated flights, because '
        "the real ones could not be had when it was trained. Its answers say nothing about real rockets.</div>"
    )


def verdict(chance: float, status: Status, example: Example | None = None) -> str:
    """Draw the chance, how far to trust it, and which model said so."""
    known = ""
    if example:
        outcome = known_outcome(example, status.served.kind)
        known = (
            f'<p class="known">{esc(outcome)} The experience in the form is now that of its day; '
            "<i>Back to today</i> gives every field its usual value again.</p>"
        )
    link = commit_link(status.page, status.commit)
    return f"""
<section class="verdict" aria-live="polite">
  <div class="chance"><b>{esc(percent(chance))}</b><span>chance that the booster lands</span></div>
  <div class="gauge" role="img" aria-label="{percent(chance)}"><i style="width:{100 * chance:.1f}%"></i></div>
  {known}
  <p class="reliability">{esc(status.served.reliability(chance).sentence)}</p>
  <p class="provenance">Answered by {esc(status.entry.repo_id)} at {link}, published {age(status.made)}.</p>
</section>"""


def known_outcome(example: Example, kind: str) -> str:
    """Tell how a flight of the data ended, and what the model said of it without having seen it."""
    ended = "landed" if example.landed else "was lost at the landing"
    return (
        f"This is {example.name} of {example.date}, a {kind} flight: its booster {ended}. "
        f"Without having seen it, the model gave it {percent(example.unseen_chance)}."
    )


def why(explanation: Explanation, kind: str) -> str:
    """Draw the heading over the bars."""
    return (
        f"<h3>Why</h3><p>The average over {explanation.background} {kind} flights, spread evenly from the least to "
        f"the most likely to land, is "
        f"<b>{esc(percent(explanation.base))}</b>. Each bar is what one field of this flight adds or takes away, in "
        f"percentage points; together they lead to <b>{esc(percent(explanation.chance))}</b>.</p>"
    )


def bars(explanation: Explanation, flight: dict, predictor: LandingPredictor) -> go.Figure:
    """Draw the share of each field as a bar under its name and value, the largest on top."""
    fields = sorted(predictor.fields, key=lambda field: abs(explanation.shares[field.name]))
    points = [round(100 * explanation.shares[field.name], 2) for field in fields]
    low, high = min(0.0, *points), max(0.0, *points)
    room = 0.16 * max(high - low, 1.0)
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=points,
            y=list(range(len(fields))),
            text=[f"{point:+.1f}" if abs(point) >= 0.05 else "0" for point in points],
            textposition="outside",
            marker_color=[RAISES if point >= 0 else LOWERS for point in points],
            width=0.32,
            hoverinfo="skip",
            cliponaxis=False,
        )
    )
    for place, field in enumerate(fields):
        figure.add_annotation(
            text=f"{field.label}: <b>{shown(flight[field.name], field)}</b>",
            x=0,
            xref="paper",
            y=place,
            yshift=20,
            xanchor="left",
            showarrow=False,
        )
    figure.update_layout(
        height=48 * len(fields) + 40,
        margin={"l": 4, "r": 4, "t": 8, "b": 28},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "IBM Plex Sans, sans-serif", "size": 13},
        dragmode=False,
    )
    lines = {"gridcolor": "rgba(128,140,170,.18)", "zerolinecolor": "rgba(128,140,170,.4)"}
    figure.update_xaxes(
        range=[low - room, high + room], ticksuffix=" pp", nticks=5, tickangle=0, fixedrange=True, **lines
    )
    figure.update_yaxes(visible=False, range=[-0.5, len(fields) - 0.1], fixedrange=True)
    return figure


def similar_table(flights: pd.DataFrame, flight: dict, predictor: LandingPredictor) -> str:
    """Draw the flights most like this one as a table."""
    rows = "".join(_row(row, flight, predictor) for _, row in flights.iterrows())
    return f"""
<h3>The most similar {predictor.kind} flights</h3>
<p>The chance is what the model gave each of them without having seen it.</p>
<table class="flights"><thead><tr><th>Flight</th><th>Ended</th><th>Chance</th><th>Where it differs</th></tr></thead>
<tbody>{rows}</tbody></table>"""


def _row(row: pd.Series, flight: dict, predictor: LandingPredictor) -> str:
    differs = [
        f"{field.label}: {shown(row[field.name], field)}"
        for field in predictor.fields
        if shown(row[field.name], field) != shown(flight[field.name], field)
    ]
    booster = f" · {row['booster_serial']}" if isinstance(row["booster_serial"], str) else ""
    ended = ("landed", "Landed") if row["landed"] else ("lost", "Lost")
    return (
        f"<tr><td><b>{esc(row['name'])}</b><small>{esc(str(row['date_utc'])[:10] + booster)}</small></td>"
        f'<td><span class="{ended[0]}">{ended[1]}</span></td>'
        f'<td data-label="Chance">{esc(percent(row["probability"]))}</td>'
        f'<td data-label="Differs">{esc(_some(differs))}</td></tr>'
    )


def _some(differences: list[str]) -> str:
    """List the first few differences, and count the others."""
    more = len(differences) - DIFFERENCES
    listed = "; ".join(differences[:DIFFERENCES]) or "nowhere"
    return f"{listed}; and {more} more" if more > 0 else listed


def many_mistake(error: SpaceHubError) -> str:
    """Tell in Markdown why a file of flights has no answer."""
    return f"**Please check.** {as_text(error)}"


def many_summary(count: int, problems: dict[int, str], absent: Sequence[str], names: dict[str, str]) -> str:
    """Tell in Markdown what became of a file of flights, its absent and renamed columns, and the first rows at fault."""
    head = f"**{count - len(problems):,} of {count:,} rows answered.**"
    if absent:
        head += f" The file says nothing of {as_text(', '.join(absent))}: every row has the usual values."
    head += "".join(f" {as_text(renaming(ours, theirs))}" for ours, theirs in names.items() if ours != theirs)
    if not problems:
        return head
    first = list(problems.items())[:LISTED]
    listed = "\n".join(f"- Row {row:,}: {as_text(problem)}" for row, problem in first)
    more = f"\n- … and {len(problems) - LISTED:,} more" if len(problems) > LISTED else ""
    return f"{head} These rows have no answer; the column `{names['problem']}` says why:\n\n{listed}{more}"
