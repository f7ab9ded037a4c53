"""A dataset's cleaning report for the page and the API: each defect in the source, with its count."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
import plotly.graph_objects as go

from space_app.html import render
from space_app.lab.figures import BLUE, figure

SINGULAR = {"launches": "launch", "kinds of event": "kind of event"}


class Trap(TypedDict):
    """A defect in the source, how it was handled, and how many rows or other items it affects."""

    name: str
    what: str
    handling: str
    count: int
    unit: str


def traps_figure(listed: Sequence[Trap]) -> go.Figure:
    """Plot how many rows each defect affects, with the most frequent defect on top."""
    touching = sorted((trap for trap in listed if trap["count"]), key=lambda trap: trap["count"])
    names = [trap["name"].replace("_", " ") for trap in touching]
    counts = [trap["count"] for trap in touching]
    units = {trap["unit"]: None for trap in reversed(touching)}
    bars = go.Bar(
        orientation="h",
        y=names,
        x=counts,
        text=[f"{count:,}" for count in counts],
        textposition="outside",
        cliponaxis=False,
        marker_color=BLUE,
        hoverinfo="skip",
    )
    chart = figure(bars, x=", ".join(units), height=100 + 24 * len(names), log_x=True)
    chart.update_layout(margin={"l": 132, "r": 44})
    chart.update_yaxes(automargin=True)
    return chart.update_xaxes(range=[-0.1, np.log10(max(counts, default=1)) + 0.2], dtick=1)


def traps_table(listed: Sequence[Trap]) -> str:
    """Return an HTML table of the source's defects, with the count of each and how it was handled."""
    units = {trap["unit"] for trap in listed}
    same = units.pop() if len(units) == 1 else None
    counts = [f"{trap['count']:,}" if same else f"{trap['count']:,} {_unit(trap)}" for trap in listed]
    heading = (same or "count").capitalize()
    return render("lab/cleaning.html", heading=heading, traps=list(zip(listed, counts, strict=True)))


def _unit(trap: Trap) -> str:
    if trap["count"] != 1:
        return trap["unit"]
    return SINGULAR.get(trap["unit"], trap["unit"].removesuffix("s"))
