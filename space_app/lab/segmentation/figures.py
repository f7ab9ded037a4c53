"""Figures for the Segmentation experiment: the number of regions, the distribution of colours, and the water."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, GREY, TEAL, figure
from spacehub.lab.segmentation import Pixels, Region
from spacehub.lab.segmentation_choice import Choice
from spacehub.lab.segmentation_colour import LAB, RGB
from spacehub.lab.segmentation_kmeans import Clustering
from spacehub.lab.segmentation_water import CLOUD, LAND, WATER

DOTS = 1500
KIND_COLOURS = {LAND: (138, 104, 58), WATER: (56, 112, 232), CLOUD: (238, 238, 238)}
# The two colour coordinates that are plotted, and their labels.
DRAWN = {RGB: (0, 2, "red", "blue"), LAB: (2, 0, "b*, blue to yellow", "L*, dark to bright")}
SHARES = (0, 1, "share of red, of 255", "share of blue, of 255")


def fit(choice: Choice, k: int) -> go.Figure:
    """Plot the sum of squares (relative to that of a single region) and the silhouette score against the number of regions."""
    chart = figure(
        go.Scatter(
            x=choice.counts, y=choice.inertias / choice.inertias[0], name="inertia", line={"color": BLUE}
        ),
        go.Scatter(x=choice.counts, y=choice.silhouettes, name="silhouette", line={"color": TEAL}),
        x="regions",
        y="share, silhouette",
        height=300,
    )
    for place, words, ink in (choice.elbow, "elbow", BLUE), (choice.best, "best silhouette", TEAL):
        if place is not None:
            level = (choice.inertias / choice.inertias[0] if ink == BLUE else choice.silhouettes)[
                choice.counts.index(place)
            ]
            marker = {"color": ink, "size": 11, "symbol": "circle-open", "line": {"width": 2}}
            chart.add_trace(
                go.Scatter(x=[place], y=[level], name=f"{words}: {place}", mode="markers", marker=marker)
            )
    chart.add_vline(x=k, line={"color": AMBER, "dash": "dot"})
    chart.layout.xaxis.dtick = 1
    return chart


def cloud(
    pixels: Pixels, labels: np.ndarray, areas: Sequence[Region], clustering: Clustering, space: str
) -> go.Figure:
    """Plot a sample of the pixels along two colour coordinates, in their regions' mean colours, with the centres."""
    across, up, x, y = DRAWN.get(space, SHARES)
    sample = pixels.sample[:DOTS]
    points, whose = pixels.points[sample], labels[sample]
    dots = [
        go.Scatter(
            x=points[whose == area.label, across].round(1),
            y=points[whose == area.label, up].round(1),
            mode="markers",
            marker={"size": 5, "color": "rgb" + str(area.colour), "line": {"color": GREY, "width": 0.5}},
            showlegend=False,
            hoverinfo="skip",
        )
        for area in areas
    ]
    marker = {"size": 15, "color": AMBER, "symbol": "x", "line": {"color": GREY, "width": 1}}
    centres = go.Scatter(
        x=clustering.centres[:, across],
        y=clustering.centres[:, up],
        mode="markers",
        marker=marker,
        name="centres",
    )
    return figure(*dots, centres, x=x, y=y, height=360)


def painted(kinds: np.ndarray, pixels: Pixels) -> np.ndarray:
    """Return an image (uint8 [h, w, 3]) of the kind of each observed pixel (int [N]): land, water or cloud."""
    table = np.array([KIND_COLOURS[kind] for kind in (LAND, WATER, CLOUD)], np.uint8)
    return pixels.spread(table[kinds], nothing=0)
