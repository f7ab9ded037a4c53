"""Figures for the Exploration experiment: regret, pulls, the lake's map during learning, and success."""

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, COLOURS, GREY, ORANGE, TEAL, figure, play
from spacehub.lab.bandits import Play
from spacehub.lab.q_learning import Learning
from spacehub.lab.q_learning_lake import ACTIONS, Lake, greedy

DRAWN = 120
# Half the width of a 95 % confidence interval in standard errors.
WIDE = 1.96
INK = "#10162b"
# Blue, orange and teal, one per strategy; the bands use more transparent versions of the same colours.
BANDS = ("rgba(91,120,240,.2)", "rgba(217,100,58,.2)", "rgba(31,158,137,.2)")


def regret_figure(plays: dict[str, Play], slope: float) -> go.Figure:
    """Plot the mean regret with its 95 % band against pulls, and the slowest possible growth.

    The slowest possible growth is Lai and Robbins' slope against ln t. It holds for large t, so the line
    starts a third of the way through, at the lowest regret there.
    """
    pulls = len(next(iter(plays.values())).best)
    at = np.unique(np.geomspace(1, pulls, DRAWN).astype(int))
    band = {"mode": "lines", "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
    traces = []
    for (name, played), ink, pale in zip(plays.items(), COLOURS, BANDS, strict=False):
        mean, wide = played.mean[at - 1], WIDE * played.error[at - 1]
        traces += [
            go.Scatter(x=at, y=mean - wide, **band),
            go.Scatter(x=at, y=mean + wide, fill="tonexty", fillcolor=pale, **band),
            go.Scatter(x=at, y=mean, name=name, mode="lines", line={"color": ink, "width": 2}),
        ]
    late = at[at >= pulls / 3]
    least = min(played.mean[late[0] - 1] for played in plays.values())
    traces.append(
        go.Scatter(
            x=late,
            y=least + slope * np.log(late / late[0]),
            name="slowest growth",
            mode="lines",
            line={"color": GREY, "dash": "dot", "width": 2},
        )
    )
    return figure(*traces, x="pulls", y="regret (messages lost)", height=420)


def pulled_figure(plays: dict[str, Play], chances: np.ndarray) -> go.Figure:
    """Plot the mean number of pulls of each arm over the runs."""
    names = [f"{chance:.2f}" for chance in chances]
    return figure(
        *(
            go.Bar(
                x=[f"{number + 1}: {name}" for number, name in enumerate(names)],
                y=played.counts.mean(axis=0),
                name=strategy,
                marker={"color": ink},
            )
            for (strategy, played), ink in zip(plays.items(), COLOURS, strict=False)
        ),
        x="channel and its probability",
        y="pulls, mean",
        height=320,
    )


def map_figure(on: Lake, learning: Learning, best: np.ndarray) -> go.Figure:
    """Animate the estimated value of each tile and the direction of the policy during learning.

    Parameters
    ----------
    best : array, (S,)
        The true value of each tile, which sets the range of the colours.
    """
    rows, columns = len(on.tiles), len(on.tiles[0])
    # The width that fits on a phone.
    side, marks = 264 // rows, np.array([list(row) for row in on.tiles])
    frozen = np.isin(marks, ["S", "F"])
    shown = [
        (
            table.max(axis=1)[frozen.ravel()].tolist(),
            [_arrows(policy) for policy in greedy(table)[frozen.ravel()]],
        )
        for table in learning.tables
    ]
    worth, arrows = shown[-1]
    # Squares, not a heatmap: a heatmap is an image, which flickers during playback.
    square = {"mode": "markers+text", "showlegend": False}
    chart = figure(
        go.Scatter(
            **square,
            **_places(frozen),
            text=arrows,
            textfont={"size": 26 if rows < 6 else 17, "color": INK},
            marker={
                "symbol": "square",
                "size": side,
                "color": worth,
                "cmin": 0,
                "cmax": max(best.max(), 1e-9),
                "colorscale": [(0, "#eef2fb"), (1, TEAL)],
                "colorbar": {"title": {"text": "worth"}, "thickness": 10, "len": 0.9},
            },
            hovertemplate="value %{marker.color:.3f}<extra></extra>",
        ),
        *(
            go.Scatter(
                **square,
                **_places(marks == mark),
                text=text,
                textfont={"size": 12 if rows < 6 else 10, "color": ink},
                marker={"symbol": "square", "size": side, "color": colour},
                hoverinfo="skip",
            )
            for mark, text, ink, colour in (("G", "goal", INK, AMBER), ("H", "hole", "white", "#3b4663"))
        ),
        height=500,
    )
    start = {"y": -0.34, "x": 0, "text": "start", "showarrow": False, "font": {"size": 10, "color": INK}}
    chart.layout.annotations = [start]
    for axis in chart.layout.xaxis, chart.layout.yaxis:
        axis.visible, axis.constrain = False, "domain"
    chart.layout.xaxis.range, chart.layout.yaxis.range = (-0.5, columns - 0.5), (rows - 0.5, -0.5)
    chart.layout.yaxis.scaleanchor = "x"
    chart.layout.margin.l = 12
    frames = [
        (f"{moves:,} moves", {"text": arrows, "marker": {"color": worth}})
        for moves, (worth, arrows) in zip(learning.moves, shown, strict=True)
    ]
    return play(chart, 0, frames, milliseconds=200, redraw=True, start=-1)


def _places(which: np.ndarray) -> dict[str, np.ndarray]:
    """Return the columns and rows of the given tiles."""
    y, x = np.nonzero(which)
    return {"x": x, "y": y}


def _arrows(policy: np.ndarray) -> str:
    """Return an arrow for a policy of shape (4,), or a dot if no single direction is preferred yet."""
    return ACTIONS[policy.argmax()] if policy.max() == 1 else "·"


def success_figure(learning: Learning, chances: np.ndarray, best: float, epsilons: np.ndarray) -> go.Figure:
    """Plot the greedy policy's probability of success, the best possible probability and ε against the number of training moves."""
    ends = [0, learning.moves[-1]]
    return figure(
        go.Scatter(
            x=learning.moves,
            y=100 * chances,
            name="learned",
            mode="lines+markers",
            line={"color": BLUE, "width": 2},
        ),
        go.Scatter(
            x=ends,
            y=[100 * best] * 2,
            name="best possible",
            mode="lines",
            line={"color": TEAL, "dash": "dash"},
        ),
        go.Scatter(x=ends, y=100 * epsilons, name="ε", mode="lines", line={"color": ORANGE, "dash": "dot"}),
        x="moves",
        y="per cent",
        height=320,
    )
