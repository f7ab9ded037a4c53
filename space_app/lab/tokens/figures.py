"""Figures for WordPiece and TF-IDF: how a word is split into tokens, and how much weight each word has."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, GREY, TEAL, figure
from space_app.lab.tokens.attention_figures import label
from spacehub.lab.tfidf import Weight
from spacehub.lab.tokens import UNKNOWN

# The kinds of word parts, by number and colour.
NO_PIECE, PIECE, TAKEN = 0, 1, 2
SCALE = [
    (0, "rgba(128,140,170,.16)"),
    (0.33, "rgba(128,140,170,.16)"),
    (0.33, TEAL),
    (0.67, TEAL),
    (0.67, AMBER),
    (1, AMBER),
]
# The maximum number of words shown as bars.
MOST_BARS = 16
# The maximum number of words named at one point of the curve.
NAMED = 3


def search(word: str, fits: np.ndarray, pieces: Sequence[str]) -> go.Figure:
    """Plot a word's substrings as a grid, from the row's letter to the column's letter, and mark the substrings that are tokens."""
    shown = np.where(np.triu(np.ones_like(fits)), fits.astype(float), np.nan)
    start = 0
    # A word that cannot be spelt has no chosen tokens.
    for number, piece in enumerate(() if UNKNOWN in pieces else pieces):
        last = start + len(piece) - (2 if number else 0)
        shown[start, last - 1] = TAKEN
        start = last
    stretches = [[label(word[row : column + 1]) for column in range(len(word))] for row in range(len(word))]
    chart = figure(
        go.Heatmap(
            z=shown,
            zmin=NO_PIECE,
            zmax=TAKEN,
            colorscale=SCALE,
            showscale=False,
            xgap=1,
            ygap=1,
            text=stretches,
            hovertemplate="%{text}<extra></extra>",
            hoverongaps=False,
        ),
        *(
            go.Scatter(
                x=[None], y=[None], mode="markers", marker={"color": ink, "symbol": "square"}, name=name
            )
            for name, ink in (("taken", AMBER), ("also a token", TEAL), ("not a token", GREY))
        ),
        x="… to this letter",
        y="from this letter …",
        height=420,
    )
    letters = {"tickvals": list(range(len(word))), "ticktext": [label(sign) for sign in word]}
    for axis in chart.layout.xaxis, chart.layout.yaxis:
        axis.update(letters, showgrid=False, zeroline=False, range=(-0.5, len(word) - 0.5))
    chart.layout.yaxis.range = (len(word) - 0.5, -0.5)
    return chart


def sizes(counts: Sequence[int], pieces: Sequence[int], unknown: Sequence[int], chosen: int) -> go.Figure:
    """Plot the number of tokens in the text and of words that cannot be spelt against the vocabulary size."""
    chart = figure(
        *(
            go.Scatter(x=counts, y=values, name=name, mode="lines+markers", line={"color": ink, "width": 2})
            for name, values, ink in (
                ("tokens in the text", pieces, BLUE),
                ("words that become [UNK]", unknown, AMBER),
            )
        ),
        x="tokens in the vocabulary",
        height=280,
        log_x=True,
    )
    chart.add_vline(x=chosen, line={"color": GREY, "dash": "dot"})
    chart.layout.yaxis.rangemode = "tozero"
    return chart


def shares(weights: Mapping[str, Weight]) -> go.Figure:
    """Plot each word's fraction of the sum of squared weights, in descending order."""
    heavy = sorted(weights.items(), key=lambda found: -found[1].weight)[:MOST_BARS]
    names = [label(word) for word, _ in heavy]
    chart = figure(
        go.Bar(
            x=names,
            y=[100 * one.weight**2 for _, one in heavy],
            marker={"color": BLUE},
            customdata=[[one.count, one.idf, one.weight] for _, one in heavy],
            hovertemplate="%{x}: %{y:.1f} %<br>count %{customdata[0]}, idf %{customdata[1]:.2f}, "
            "weight %{customdata[2]:.3f}<extra></extra>",
        ),
        y="share of the squared weights (%)",
        height=340,
    )
    chart.layout.xaxis.type, chart.layout.xaxis.automargin = "category", True
    return chart


def rareness(weights: Mapping[str, Weight]) -> go.Figure:
    """Plot the curve of inverse document frequency, with the words on the curve."""
    by_idf: dict[float, list[str]] = {}
    for word, weight in weights.items():
        by_idf.setdefault(weight.idf, []).append(label(word))
    curve = np.linspace(1, max(by_idf) + 0.3, 80)
    chart = figure(
        go.Scatter(x=np.exp(1 - curve), y=curve, mode="lines", line={"color": GREY}, hoverinfo="skip"),
        go.Scatter(
            x=np.exp(1 - np.array(list(by_idf))),
            y=list(by_idf),
            mode="markers+text",
            marker={"color": AMBER, "size": 9, "line": {"color": "white", "width": 1}},
            text=[
                ", ".join(words[:NAMED]) + (" …" if len(words) > NAMED else "") for words in by_idf.values()
            ],
            textposition=["top right" if idf > np.mean(curve) else "bottom left" for idf in by_idf],
            cliponaxis=False,
            customdata=[", ".join(words) for words in by_idf.values()],
            hovertemplate="%{customdata}: %{y:.2f}<extra></extra>",
        ),
        x="share of texts, (1 + df) / (1 + N)",
        y="idf",
        height=300,
        log_x=True,
    )
    chart.layout.showlegend, chart.layout.xaxis.dtick = False, "D2"
    return chart
