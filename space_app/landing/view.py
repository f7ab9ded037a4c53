"""Render the Landing tab: the probability, which fields matter, and the most similar flights."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from space_app.feedback import asked as feedback
from space_app.html import render
from space_app.watch import Status
from space_app.words import as_text, renaming
from spacehub.errors import SpaceHubError
from spacehub.serving.fields import Field
from spacehub.serving.landing import Example, Explanation, LandingPredictor
from spacehub.serving.words import plain

LISTED, DIFFERENCES = 10, 3
OUTCOMES = ("crashed", "landed")
RAISES, LOWERS = "#1f9e89", "#d9643a"


def shown(value: float | str | None, field: Field) -> str:
    """Format a field's value with its unit."""
    if value is None or value == "" or value != value:
        return "unknown"
    return f"{plain(value)} {field.unit}".rstrip() if field.is_number else str(value)


def verdict(
    chance: float, status: Status, example: Example | None = None, *, flight: dict | None = None
) -> str:
    """Draw the probability, how reliable it is, and which model made it; for an example also how the flight ended.

    For a visitor's own `flight`, checked, it also asks how that flight ended.
    """
    predictor: LandingPredictor = status.served
    return render(
        "landing/verdict.html",
        chance=chance,
        kind=predictor.kind,
        reliability=predictor.reliability(chance).sentence,
        status=status,
        example=example,
        feedback="" if flight is None else _feedback(chance, flight, status),
    )


def _feedback(chance: float, flight: dict, status: Status) -> str:
    answer = OUTCOMES[chance >= 0.5]
    return feedback.form(
        status,
        given={name: None if value != value else value for name, value in flight.items()},
        answer=answer,
        labels=OUTCOMES,
        question=f"Is the answer “{answer}” right? Judge it only if the flight has already taken place.",
        what="these fields",
    )


def why(explanation: Explanation, kind: str) -> str:
    """Draw the heading above the bars."""
    return render("landing/why.html", explanation=explanation, kind=kind)


def bars(explanation: Explanation, flight: dict, predictor: LandingPredictor) -> go.Figure:
    """Draw each field's contribution as a bar under its name and value, the largest on top."""
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


def similar_table(flights: Sequence[Mapping], flight: dict, predictor: LandingPredictor) -> str:
    """Draw the flights most similar to this one as a table."""
    rows = [
        {
            "name": row["name"],
            "date": str(row["date_utc"])[:10],
            "booster": row["booster_serial"] if isinstance(row["booster_serial"], str) else "",
            "landed": row["landed"],
            "chance": row["probability"],
            "differences": _differences(row, flight, predictor),
        }
        for row in flights
    ]
    return render("landing/similar.html", kind=predictor.kind, flights=rows)


def _differences(row: Mapping, flight: dict, predictor: LandingPredictor) -> str:
    """List the first few fields that differ, and count the others."""
    differences = [
        f"{field.label}: {shown(row[field.name], field)}"
        for field in predictor.fields
        if shown(row[field.name], field) != shown(flight[field.name], field)
    ]
    more = len(differences) - DIFFERENCES
    listed = "; ".join(differences[:DIFFERENCES]) or "none"
    return f"{listed}; and {more} more" if more > 0 else listed


def many_mistake(error: SpaceHubError) -> str:
    """Explain in Markdown why a file of flights could not be predicted."""
    return f"**Please check.** {as_text(error)}"


def many_summary(count: int, problems: dict[int, str], absent: Sequence[str], names: dict[str, str]) -> str:
    """Summarise a processed file in Markdown: absent and renamed columns, and the first rows with a problem."""
    head = f"**{count - len(problems):,} of {count:,} rows answered.**"
    if absent:
        plural = "" if len(absent) == 1 else "s"
        head += f" The file has no column {as_text(', '.join(absent))}. All rows use the default value{plural}, as of the latest flight in the data."
    head += "".join(f" {as_text(renaming(ours, theirs))}" for ours, theirs in names.items() if ours != theirs)
    if not problems:
        return head
    first = list(problems.items())[:LISTED]
    listed = "\n".join(f"- Row {row:,}: {as_text(problem)}" for row, problem in first)
    more = f"\n- … and {len(problems) - LISTED:,} more" if len(problems) > LISTED else ""
    return f"{head} These rows have no answer (see the `{names['problem']}` column):\n\n{listed}{more}"
