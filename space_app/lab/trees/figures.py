"""Figures for the Trees experiment: split gains, decision surfaces, the tree itself, and errors by depth."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from space_app.html import render
from space_app.lab.figures import AMBER, AXIS, BLUE, GREY, ORANGE, TEAL, VIOLET, figure
from space_app.lab.trees.words import SHORT, question, value
from spacehub.lab.launches import NUMBERS
from spacehub.lab.trees import LEAF, Tree
from spacehub.lab.trees_forest import forest_chances
from spacehub.lab.trees_launches import RETURNS, Errors, Samples

INKS = (BLUE, TEAL, VIOLET, ORANGE)
GRID = 64
# Below this depth a node's question is shown only on hover.
WRITTEN = 2


def gains(thresholds: np.ndarray, gained: np.ndarray, number: str, criterion: str) -> go.Figure:
    """Plot the gain of each possible split on a feature, with the best split marked."""
    possible = gained > -np.inf
    x, y = thresholds[possible], gained[possible]
    chart = figure(
        go.Scatter(
            x=x, y=y, mode="lines+markers", line={"color": BLUE, "width": 1}, marker={"size": 5}, name="split"
        ),
        x=f"at most, {NUMBERS[number]}",
        y=f"decrease in {'entropy (bits)' if criterion == 'entropy' else 'Gini impurity'}",
        height=360,
    )
    if len(y):
        chart.add_scatter(
            x=x[[y.argmax()]],
            y=y[[y.argmax()]],
            mode="markers",
            marker={"color": ORANGE, "size": 12},
            name="best",
        )
    return chart


def best_gains(numbers: Sequence[str], best: np.ndarray) -> go.Figure:
    """Plot the gain of the best split on each feature."""
    heights = np.where(best > -np.inf, best, 0)
    colours = [ORANGE if place == heights.argmax() else GREY for place in range(len(best))]
    chart = figure(
        go.Bar(x=heights, y=[SHORT[name] for name in numbers], orientation="h", marker={"color": colours}),
        x="largest decrease in impurity",
        height=240,
    )
    chart.update_layout(margin={"l": 70}, showlegend=False)
    return chart


def surface(some: Samples, forest: Sequence[Tree], name: str) -> go.Figure:
    """Plot the trees' prediction over two features. The colour shows the class, and its intensity shows the probability."""
    low, high = some.x.min(axis=0), some.x.max(axis=0)
    edge = 0.03 * (high - low)
    across, up = np.linspace(low - edge, high + edge, GRID).T
    points = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    chances = forest_chances(forest, points)
    classes = len(RETURNS)
    sure = (chances.max(axis=1) - 1 / classes) / (1 - 1 / classes)
    heat = go.Heatmap(
        x=across,
        y=up,
        z=(chances.argmax(axis=1) + 0.998 * sure).reshape(GRID, GRID).astype(np.float32).round(2),
        zmin=0,
        zmax=classes,
        colorscale=_strengths(),
        showscale=False,
        hoverinfo="skip",
    )
    dots = [
        go.Scatter(
            x=some.x[some.y == kind, 0],
            y=some.x[some.y == kind, 1],
            mode="markers",
            name=title,
            text=some.launches.name[some.y == kind],
            marker={"color": INKS[kind], "size": 7, "line": {"color": "white", "width": 0.8}},
            hovertemplate="%{text}<extra>" + title + "</extra>",
        )
        for kind, title in enumerate(RETURNS)
    ]
    chart = figure(
        heat,
        *dots,
        x=f"{NUMBERS[some.numbers[0]]} (answer of {name})",
        y=NUMBERS[some.numbers[1]],
        height=440,
    )
    chart.layout.xaxis.range, chart.layout.yaxis.range = (across[0], across[-1]), (up[0], up[-1])
    return chart


def _strengths() -> list[tuple[float, str]]:
    """Return a colour scale with one colour per class, stronger for more confident predictions."""
    scale = []
    for kind, ink in enumerate(INKS):
        red, green, blue = (int(ink[place : place + 2], 16) for place in (1, 3, 5))
        for at, strength in (0, 0.02), (0.999, 0.6):
            scale.append(((kind + at) / len(INKS), f"rgba({red},{green},{blue},{strength})"))
    return [*scale, (1.0, scale[-1][1])]


def drawn(tree: Tree, numbers: Sequence[str]) -> go.Figure:
    """Draw the tree: its questions, with *yes* on the left, and the number of launches that reach each node."""
    x, y = _places(tree), -tree.depth
    asks = tree.feature != LEAF
    children = [
        (parent, child)
        for parent in np.flatnonzero(asks)
        for child in (tree.left[parent], tree.right[parent])
    ]
    edges = np.array([(at[parent], at[child], np.nan) for at in (x, y) for parent, child in children])
    line_x, line_y = edges.reshape(2, -1) if children else ((), ())
    rows = tree.counts.sum(axis=1)
    hover = [
        (f"{question(numbers[tree.feature[node]], tree.threshold[node])}?<br>" if asks[node] else "")
        + "<br>".join(
            f"{count} {title}" for title, count in zip(RETURNS, tree.counts[node], strict=True) if count
        )
        for node in range(len(tree))
    ]
    words = [
        f"{SHORT[numbers[tree.feature[node]]]}<br>≤ {value(numbers[tree.feature[node]], tree.threshold[node])}"
        if asks[node] and tree.depth[node] <= WRITTEN
        else ""
        for node in range(len(tree))
    ]
    chart = figure(
        go.Scatter(x=line_x, y=line_y, mode="lines", line={"color": AXIS, "width": 1.5}, hoverinfo="skip"),
        go.Scatter(
            x=x,
            y=y,
            mode="markers+text",
            text=words,
            textposition="top center",
            textfont_size=11,
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
            marker={
                "size": 7 + 22 * np.sqrt(rows / rows[0]),
                "color": [INKS[kind] for kind in tree.counts.argmax(axis=1)],
                "symbol": np.where(asks, "circle", "square"),
            },
        ),
        height=170 + 62 * int(tree.depth.max()),
    )
    chart.update_layout(showlegend=False, margin={"l": 12, "t": 20, "b": 12}, hovermode="closest")
    chart.update_xaxes(visible=False, range=(x.min() - 0.8, x.max() + 0.8))
    chart.update_yaxes(visible=False, range=(y.min() - 0.4, 0.9))
    return chart


def _places(tree: Tree) -> np.ndarray:
    """Return the horizontal position of each node: leaves evenly spaced, each parent midway above its children."""
    x, leaves = np.zeros(len(tree)), np.flatnonzero(tree.feature == LEAF)
    x[leaves] = np.arange(len(leaves))
    for node in range(len(tree) - 1, -1, -1):
        if tree.feature[node] != LEAF:
            x[node] = (x[tree.left[node]] + x[tree.right[node]]) / 2
    return x


def errors(measured: Errors) -> go.Figure:
    """Plot the errors against the depth."""
    depth = np.arange(len(measured.tree))
    chart = figure(
        *(
            go.Scatter(
                x=depth, y=100 * share, mode="lines+markers", name=name, line={"color": ink, "width": 2}
            )
            for share, name, ink in (
                (measured.learned, "tree, training", BLUE),
                (measured.tree, "tree, held out", ORANGE),
                (measured.forest, "forest, held out", AMBER),
            )
        ),
        x="depth",
        y="misclassified, %",
        height=420,
    )
    chart.layout.yaxis.rangemode = "tozero"
    return chart


def legend(y: np.ndarray) -> str:
    """Return the classes with their colours and counts as HTML."""
    classes = [
        (title, ink, int((y == kind).sum()))
        for kind, (title, ink) in enumerate(zip(RETURNS, INKS, strict=True))
    ]
    return render("lab/trees/legend.html", classes=classes)
