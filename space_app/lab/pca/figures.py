"""Figures for the PCA experiment: digits along two components, preserved variance, and components as images."""

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, COLOURS, GREY, TEAL, figure
from space_app.lab.shared.picture_figures import mosaic, pictures, signed
from spacehub.lab.digits import SIDE
from spacehub.lab.pca_digits import digits
from spacehub.lab.pca_pictures import LINES, PATCH, PATCHES, WHITE, Analysed

# Colours that are distinct in light and in dark mode; each digit is also drawn as its numeral.
DIGIT_COLOURS = (*COLOURS, "#c74d8a", "#5f9e2f", "#2f9ec4", "#b5734a")
DRAWN_EACH, AXES_DRAWN = 3, 8


def digit_map(right: int, up: int) -> go.Figure:
    """Plot every third digit along two components. Components are counted from 0."""
    known = digits()
    scores = known.found.scores(known.rows[::DRAWN_EACH], max(right, up) + 1)
    labels = known.labels[::DRAWN_EACH]
    traces = [
        go.Scatter(
            x=scores[labels == digit, right],
            y=scores[labels == digit, up],
            mode="text",
            text=str(digit),
            textfont={"color": ink, "size": 12},
            hoverinfo="skip",
            showlegend=False,
        )
        for digit, ink in enumerate(DIGIT_COLOURS)
    ]
    return figure(*traces, x=f"component {right + 1}, every third digit", y=f"component {up + 1}", height=420)


def shares(values: np.ndarray, k: int) -> go.Figure:
    """Plot the fraction of the variance that each component explains, and the cumulative fraction."""
    number = np.arange(1, len(values) + 1)
    inks = [TEAL if each <= k else GREY for each in number]
    return figure(
        go.Bar(x=number, y=values, marker={"color": inks}, name="one component"),
        go.Scatter(x=number, y=np.cumsum(values), name="cumulative", line={"color": BLUE}),
        go.Scatter(
            x=[k], y=[values[:k].sum()], mode="markers", marker={"color": AMBER, "size": 11}, name="kept"
        ),
        x="component",
        y="share of the variance",
        height=300,
    )


def restored(place: int, k: int, right: int, up: int) -> go.Figure:
    """Draw a digit, its reconstruction from k components, and the two plotted components as images."""
    known = digits()
    row = known.rows[place : place + 1]
    restoration = known.found.restore(known.found.scores(row, k))
    return pictures(
        (f"a {known.labels[place]}", _ink(row)),
        (f"from {k}", _ink(restoration)),
        *(
            (f"component {axis + 1}", signed(known.found.axes[axis]).reshape(SIDE, SIDE, 3))
            for axis in (right, up)
        ),
    )


def _ink(row: np.ndarray) -> np.ndarray:
    grey = np.rint(np.clip(row.reshape(SIDE, SIDE) / 16, 0, 1) * WHITE).astype(np.uint8)
    return np.repeat(grey[..., np.newaxis], 3, axis=2)


def errors(compressed: Analysed, other: Analysed, k: int) -> go.Figure:
    """Plot the error against the number of values kept, for both ways to divide the image into pieces."""
    traces = []
    for components_, ink in (compressed, BLUE), (other, GREY):
        counts = np.arange(1, len(components_.found.axes) + 1)
        counts = counts[components_.stored(counts) <= components_.rows.size]
        sizes = components_.stored(counts) / components_.rows.size
        traces.append(
            go.Scatter(x=sizes, y=components_.errors[counts], name=components_.way, line={"color": ink})
        )
    traces.append(
        go.Scatter(
            x=[compressed.stored(k) / compressed.rows.size],
            y=[compressed.errors[k]],
            name="kept",
            mode="markers",
            marker={"color": AMBER, "size": 11},
        )
    )
    chart = figure(*traces, x="numbers kept (share of the image's)", y="error, grey levels", height=320)
    chart.layout.xaxis.tickformat = ".0%"
    return chart


def axes(compressed: Analysed) -> go.Figure:
    """Draw the first components as images: the directions in which the pieces vary most."""
    shape = (PATCH, PATCH, 3) if compressed.way == PATCHES else (1, compressed.shape[1], 3)
    tiles = [
        np.rint(127.5 + 127.5 * axis / np.abs(axis).max()).astype(np.uint8).reshape(shape)
        for axis in compressed.found.axes[:AXES_DRAWN]
    ]
    if compressed.way == LINES:
        tiles = [tile.repeat(max(1, compressed.shape[1] // 16), axis=0) for tile in tiles]
    sheet = mosaic(tiles, across=len(tiles) if compressed.way == PATCHES else 1)
    return pictures((f"components 1 to {len(tiles)}", sheet))
