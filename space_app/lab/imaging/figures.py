"""Figures for the Imaging experiment: an image with the detections drawn over it."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, GREY, ORANGE, TEAL, figure, play
from space_app.lab.shared.picture_figures import pictures
from spacehub.lab.imaging import Region
from spacehub.lab.imaging_channels import SPACES
from spacehub.lab.imaging_galaxies import Count
from spacehub.lab.segmentation_colour import LAB, RGB

LIT = np.array([255, 196, 64], np.uint8)
DIM = 0.45
MOST_POINTS = 12_000


def grey_picture(brightness: np.ndarray) -> np.ndarray:
    """Return a greyscale image [h, w] as three equal channels."""
    return np.repeat(brightness[..., None], 3, axis=2)


def over(title: str, pixels: np.ndarray, *traces: go.Scatter) -> go.Figure:
    """Draw `traces` over an image, in the image's pixel coordinates."""
    chart = pictures((title, pixels))
    chart.add_traces([trace.update(xaxis="x", yaxis="y") for trace in traces])
    return chart.update_layout(showlegend=False)


def edges(brightness: np.ndarray, is_edge: np.ndarray) -> go.Figure:
    """Highlight the edges on the darkened image."""
    lit = (DIM * grey_picture(brightness)).astype(np.uint8)
    lit[is_edge] = LIT
    return pictures(("edges", lit))


def outlines(brightness: np.ndarray, regions: Sequence[Region]) -> go.Figure:
    """Draw the outline of each region. The largest region is amber, and a mark shows its centre."""
    traces = []
    if len(regions) > 1:
        rest = np.concatenate([_closed(region) for region in regions[1:]])
        traces.append(_line(rest[:MOST_POINTS], TEAL, 1))
    if regions:
        traces.append(_line(_closed(regions[0]), AMBER, 2))
        traces.append(_cross(*regions[0].middle, AMBER))
    return over("regions brighter than the threshold", grey_picture(brightness), *traces)


def _closed(region: Region) -> np.ndarray:
    return np.concatenate([region.outline, region.outline[:1], [[np.nan, np.nan]]])


def _line(points: np.ndarray, colour: str, width: float) -> go.Scatter:
    x, y = points.T
    return go.Scatter(
        x=x.astype(np.float32), y=y.astype(np.float32), mode="lines", line={"color": colour, "width": width},
        hoverinfo="skip",
    )  # fmt: skip


def _cross(x: float, y: float, colour: str) -> go.Scatter:
    return go.Scatter(
        x=[x], y=[y], mode="markers", marker={"symbol": "cross-thin-open", "size": 16, "color": colour},
        hovertemplate="%{x:.1f}, %{y:.1f}<extra></extra>",
    )  # fmt: skip


def histogram(brightness: np.ndarray, level: float) -> go.Figure:
    """Plot the histogram of grey levels, with the threshold that separates dark from bright."""
    counts = np.bincount(brightness.ravel(), minlength=256)
    chart = figure(
        go.Bar(
            x=np.arange(256), y=counts + 0.5, marker={"color": BLUE, "line": {"width": 0}}, showlegend=False
        ),
        x="grey level",
        y="pixels",
        height=230,
        log_y=True,
    )
    chart.add_vline(x=level, line={"color": AMBER, "width": 2})
    return chart.update_layout(bargap=0)


def corners(brightness: np.ndarray, places: np.ndarray) -> go.Figure:
    """Mark each corner."""
    marks = go.Scatter(
        x=places[:, 0],
        y=places[:, 1],
        mode="markers",
        marker={"symbol": "circle-open", "size": 9, "color": AMBER, "line": {"width": 2}},
        hovertemplate="%{x:.2f}, %{y:.2f}<extra>corner</extra>",
    )
    return over("corners", grey_picture(brightness), marks)


def blobs(brightness: np.ndarray, spots: np.ndarray) -> go.Figure:
    """Draw each blob as a circle."""
    return over("blobs", grey_picture(brightness), _rings(spots[:, :2], spots[:, 2], 17, 1.5))


def _rings(middle: np.ndarray, radius: np.ndarray, points: int, width: float) -> go.Scatter:
    """Return circles, in the image's pixel coordinates, as one line with gaps."""
    turn = np.append(np.linspace(0, 2 * np.pi, points), np.nan)
    x = middle[:, :1] + radius[:, None] * np.cos(turn)
    y = middle[:, 1:] + radius[:, None] * np.sin(turn)
    return _line(np.stack([x.ravel(), y.ravel()], axis=1).round(1), AMBER, width)


def radii(spots: np.ndarray) -> go.Figure:
    """Plot the number of blobs of each radius."""
    sizes, counts = np.unique(np.round(spots[:, 2], 2), return_counts=True)
    return figure(
        go.Scatter(x=sizes, y=counts, mode="lines+markers", line={"color": TEAL}, showlegend=False),
        x="radius (pixels)",
        y="blobs",
        log_x=True,
        height=230,
    )


def channels(values: np.ndarray, space: str) -> go.Figure:
    """Draw the three channels as greyscale images. RGB ranges from 0 to 255; each CIELAB channel has its own range."""
    ranges = {RGB: [(0, 255)] * 3, LAB: [(0, 100), (-80, 80), (-80, 80)]}[space]
    shown = []
    for place, (name, (low, high)) in enumerate(zip(SPACES[space], ranges, strict=True)):
        level = np.clip(255 * (values[..., place] - low) / (high - low), 0, 255)
        shown.append((name, grey_picture(level.astype(np.uint8))))
    return pictures(*shown)


def spreads(values: np.ndarray, space: str) -> go.Figure:
    """Plot the distribution of values in each channel."""
    inks = (ORANGE, TEAL, BLUE)
    traces = []
    for place, (name, ink) in enumerate(zip(SPACES[space], inks, strict=True)):
        counts, bounds = np.histogram(values[..., place], bins=64)
        middles = (bounds[1:] + bounds[:-1]) / 2
        traces.append(go.Scatter(x=middles, y=counts + 0.5, name=name, line={"color": ink, "shape": "hvh"}))
    return figure(*traces, x="value", y="pixels", height=260, log_y=True)


def galaxies(pixels: np.ndarray, count: Count) -> go.Figure:
    """Draw a ring around every counted source, with its diameter."""
    spots = count.found
    return over("counted sources", pixels, _rings(spots.place, 2 + np.sqrt(spots.area / np.pi), 10, 1))


def by_brightness(count: Count, threshold: float) -> go.Figure:
    """Plot the number of sources at or above each brightness, with the threshold."""
    peak = count.found.peak
    chart = figure(
        go.Scatter(
            x=peak[::-1],
            y=np.arange(len(peak), 0, -1),
            mode="lines",
            line={"color": TEAL, "shape": "hv"},
            showlegend=False,
        ),
        x="height above the sky (grey levels)",
        y="sources at least this bright",
        log_x=True,
        log_y=True,
        height=260,
    )
    chart.add_vline(x=threshold * count.found.noise, line={"color": AMBER, "dash": "dot"})
    return chart


def template(
    cut: np.ndarray, picture: np.ndarray, corners: np.ndarray, wanted: tuple[float, float]
) -> go.Figure:
    """Draw the outline of the found template on the image, and a cross at the true position."""
    box = np.concatenate([corners, corners[:1]])
    chart = pictures(("rotated, scaled, with noise", grey_picture(picture)), ("template", grey_picture(cut)))
    chart.add_traces([_line(box, AMBER, 3), _cross(*wanted, TEAL)])
    return chart.update_layout(showlegend=False)


def track(still: np.ndarray, truth: np.ndarray, places: np.ndarray, every: float) -> go.Figure:
    """Animate the detected positions of the lander over the static background, with the true track.

    Frames are `every` seconds apart.
    """
    line = _line(truth, GREY, 2).update(name="true", showlegend=True)
    seen = go.Scatter(
        x=places[:, 0], y=places[:, 1], mode="markers", name="found", marker={"size": 4, "color": AMBER}
    )
    now = go.Scatter(
        x=places[:1, 0], y=places[:1, 1], mode="markers", name="now",
        marker={"symbol": "circle-open", "size": 22, "color": ORANGE, "line": {"width": 3}},
    )  # fmt: skip
    chart = pictures(("", still))
    chart.add_traces([line, seen, now])
    shown = np.unique(np.linspace(0, len(places) - 1, 60).astype(int))
    frames = [(f"{k * every:.1f} s", {"x": places[k : k + 1, 0], "y": places[k : k + 1, 1]}) for k in shown]
    chart.update_layout(showlegend=True)
    return play(chart, 3, frames, milliseconds=60)


def errors(away: dict[str, np.ndarray], every: float) -> go.Figure:
    """Plot the position error of the lander in each frame, for each method."""
    inks = (AMBER, GREY)
    return figure(
        *(
            go.Scatter(x=every * np.arange(len(far)), y=far, name=name, line={"color": ink, "width": 1.5})
            for (name, far), ink in zip(away.items(), inks, strict=True)
        ),
        x="s",
        y="error (pixels)",
        height=280,
    )
