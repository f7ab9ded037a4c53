"""Figures for attention: which words attend to which, how spread out attention is, and what heads attend to."""

import html
from collections import Counter
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, ORANGE, TEAL, figure

# From transparent, for any page colour, to solid blue.
SCALE = [(0, "rgba(91,120,240,.06)"), (1, BLUE)]
# Light on any page, because Plotly chooses the numbers' text colour to contrast with it.
OPAQUE = [(0, "#eef1fb"), (1, BLUE)]
# More names than these would overlap.
MOST_NAMES = 40
UNSEEN = "\u200b"


def heat(weights: np.ndarray, names: Sequence[str] = (), order: str = "") -> go.Figure:
    """Plot attention weights [n, n]; each row attends to the columns.

    `names` label both axes (numbers by default), and `order` is added to the title of the x axis.
    """
    shown = _apart(names) or list(range(1, len(weights) + 1))
    chart = figure(
        go.Heatmap(
            x=shown,
            y=shown,
            z=np.round(100 * weights, 2),
            zmin=0,
            zmax=100,
            colorscale=SCALE,
            showscale=False,
            xgap=1 if len(weights) <= MOST_NAMES else 0,
            ygap=1 if len(weights) <= MOST_NAMES else 0,
            hovertemplate="“%{y}” puts %{z:.1f} % on “%{x}”<extra></extra>",
        ),
        x=f"attended to{order and ', ' + order}",
        y="attends",
        height=440,
    )
    for axis in chart.layout.xaxis, chart.layout.yaxis:
        axis.update(showgrid=False, zeroline=False, automargin=True)
        if names:
            axis.update(type="category", tickfont={"size": 12 if len(names) <= 20 else 9})
            axis.update(dtick=1 if len(names) <= MOST_NAMES else 2)
    chart.layout.xaxis.tickangle = -60 if names else 0
    chart.layout.yaxis.autorange = "reversed"
    return chart


def label(text: str) -> str:
    """Escape a visitor's text for a figure, because Plotly interprets some characters as HTML."""
    return html.escape(text, quote=False)


def _apart(names: Sequence[str]) -> list[str]:
    """Make repeated names separate categories by adding invisible characters.

    The second occurrence gets one invisible character, the third gets two, and so on.
    """
    seen: Counter = Counter()
    shown = []
    for name in names:
        shown.append(label(name) + UNSEEN * seen[name])
        seen[name] += 1
    return shown


def spread(widths: Sequence[int], curves: dict[str, Sequence[float]], width: int, words: int) -> go.Figure:
    """Plot the number of words that receive attention against the dimension, for each divisor."""
    inks = (ORANGE, TEAL, BLUE)
    chart = figure(
        *(
            go.Scatter(x=widths, y=values, name=name, mode="lines+markers", line={"color": ink, "width": 2})
            for (name, values), ink in zip(curves.items(), inks, strict=False)
        ),
        x="dimension d of queries and keys",
        y="words attended to",
        height=320,
        log_x=True,
    )
    chart.add_vline(x=width, line={"color": AMBER, "dash": "dot"})
    chart.layout.yaxis.range = (0, words * 1.05)
    chart.layout.xaxis.update(tickvals=list(widths), ticktext=[str(one) for one in widths])
    return chart


def moved(words: Sequence[str], values: np.ndarray) -> go.Figure:
    """Plot how far each word's output vector moved, as a percentage of the vector's length."""
    chart = figure(
        go.Bar(
            x=_apart(words),
            y=np.round(100 * values, 3),
            marker={"color": AMBER},
            hovertemplate="“%{x}”: %{y:.1f} %<extra></extra>",
        ),
        y="output change (%)",
        height=260,
    )
    chart.layout.xaxis.update(type="category", automargin=True)
    chart.layout.yaxis.range = (0, max(5, 105 * values.max()))
    return chart


def heads(shares: np.ndarray, layer: int, head: int) -> go.Figure:
    """Plot the attention of each head [layers, heads] to a target, as a percentage. The chosen head is framed."""
    chart = figure(
        go.Heatmap(
            x=np.arange(1, shares.shape[1] + 1),
            y=np.arange(1, shares.shape[0] + 1),
            z=np.round(100 * shares, 1),
            zmin=0,
            zmax=100,
            colorscale=OPAQUE,
            showscale=False,
            xgap=1,
            ygap=1,
            texttemplate="%{z:.0f}",
            hovertemplate="layer %{y}, head %{x}: %{z:.1f} %<extra></extra>",
        ),
        x="head; numbers in %",
        y="layer",
        height=60 + 44 * len(shares) + 46,
    )
    for axis in chart.layout.xaxis, chart.layout.yaxis:
        axis.update(showgrid=False, zeroline=False, dtick=1)
    chart.layout.yaxis.autorange = "reversed"
    chart.add_shape(
        type="rect",
        x0=head + 0.5,
        x1=head + 1.5,
        y0=layer + 0.5,
        y1=layer + 1.5,
        line={"color": AMBER, "width": 3},
    )
    return chart
