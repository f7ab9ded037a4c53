"""Figures for the Convolution experiment: a kernel's path over pixels, receptive fields, filters and feature maps."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, GREY, TEAL, figure, play
from space_app.lab.shared.picture_figures import HIGH, LOW, NOUGHT, mosaic, pictures, signed

BETWEEN = 1.5
# For kernels up to this side, the products are written out below, in a space of this many cells.
SPELT_OUT, ROOM_BELOW = 3, 1.4
MAPS_ACROSS, MOST_MAPS = 8, 32


def way(table: np.ndarray, weights: np.ndarray, response: np.ndarray, *, stride: int) -> go.Figure:
    """Animate a kernel that slides over grey levels [H, W] and fills the output map [H', W'], window by window."""
    left = table.shape[1] + BETWEEN
    across, down = left + response.shape[1], max(table.shape[0], response.shape[0])
    size = 11 if across <= 18 else 8
    drawn = figure(
        _cells(table, 0, [[0, "#000"], [1, "#fff"]], (0, 255)),
        _cells(response, left, _scale(), (-_far(response), _far(response))),
        _written(table, 0, np.where(table > 128, "#000", "#fff"), size),
        _written(response, left, np.full(response.shape, "#fff"), size),
        _step(table, weights, response, (0, 0), stride, left, down),
        height=420,
    )
    hidden = {"visible": False, "fixedrange": True}
    drawn.layout.xaxis = hidden | {"range": (-0.6, across - 0.4), "constrain": "domain"}
    drawn.layout.yaxis = hidden | {
        "range": (down + ROOM_BELOW, -0.6),
        "scaleanchor": "x",
        "constrain": "domain",
        "constraintoward": "top",
    }
    drawn.layout.margin = {"l": 0, "r": 0, "t": 8, "b": 0}
    drawn.layout.meta = {"heightOfWidth": (down + ROOM_BELOW + 0.6) / across, "more": 8}
    return play(
        drawn,
        4,
        [
            (
                f"{row + 1}, {column + 1}",
                _step(table, weights, response, (row, column), stride, left, down).to_plotly_json(),
            )
            for row, column in np.ndindex(response.shape)
        ],
        milliseconds=250,
    )


def _far(response: np.ndarray) -> float:
    return float(np.abs(response).max()) or 1.0


def _scale() -> list[list]:
    ends = (LOW, NOUGHT, HIGH)
    return [[place / 2, f"rgb{tuple(int(value) for value in ink)}"] for place, ink in enumerate(ends)]


def _cells(values: np.ndarray, left: float, scale: list, ends: tuple[float, float]) -> go.Heatmap:
    return go.Heatmap(
        z=values,
        x0=left,
        dx=1,
        zmin=ends[0],
        zmax=ends[1],
        colorscale=scale,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="%{z:.4g}<extra></extra>",
    )


def _written(values: np.ndarray, left: float, inks: np.ndarray, size: int) -> go.Scatter:
    rows, columns = np.indices(values.shape)
    return go.Scatter(
        x=(left + columns).ravel(),
        y=rows.ravel(),
        mode="text",
        text=[_short(value) for value in values.ravel()],
        textfont={"size": size, "color": inks.ravel().tolist()},
        hoverinfo="skip",
        showlegend=False,
    )


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) < 10_000 else f"{value:.0e}"


def _step(
    table, weights, response, place: tuple[int, int], stride: int, left: float, down: int
) -> go.Scatter:
    """Draw the current window and its output value, and show the sum of products as text below."""
    row, column = place
    height, width = weights.shape
    x, y = _box(column * stride, row * stride, width, height)
    other_x, other_y = _box(left + column, row, 1, 1)
    window = table[row * stride : row * stride + height, column * stride : column * stride + width]
    return go.Scatter(
        x=[*x, None, *other_x, None, -0.5],
        y=[*y, None, *other_y, None, down - 0.1],
        mode="lines+text",
        text=[""] * 12 + [_sum(window, weights, response[place])],
        textposition="bottom right",
        textfont={"size": 13},
        line={"color": AMBER, "width": 3},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def _box(x: float, y: float, width: int, height: int) -> tuple[list[float], list[float]]:
    right, low = x + width - 0.5, y + height - 0.5
    return [x - 0.5, right, right, x - 0.5, x - 0.5], [y - 0.5, y - 0.5, low, low, y - 0.5]


def _sum(window: np.ndarray, weights: np.ndarray, total: float) -> str:
    if max(weights.shape) > SPELT_OUT:
        return f"the sum of {weights.size} products is {_short(total)}"
    lines = [
        " + ".join(f"{weight:g}·{value:.0f}" for weight, value in zip(*pair, strict=True))
        for pair in zip(weights, window, strict=True)
    ]
    return ("<br>+ ".join(lines) + f" = {_short(total)}").replace("-", "−").replace("+ −", "− ")


def growth(fields: Sequence[int], names: Sequence[str], side: int) -> go.Figure:
    """Plot the receptive field after each layer and the side length of the image."""
    at = list(range(len(fields) + 1))
    chart = figure(
        go.Scatter(x=at, y=[1, *fields], mode="lines+markers", line={"color": BLUE}, name="receptive field"),
        go.Scatter(
            x=[0, len(fields)],
            y=[side, side],
            mode="lines",
            line={"color": GREY, "dash": "dot"},
            name="the image",
        ),
        y="pixels along a side",
        height=320,
    )
    chart.layout.xaxis.tickvals, chart.layout.xaxis.ticktext = at, ["image", *names]
    chart.layout.xaxis.tickangle = -45
    chart.layout.xaxis.automargin = True
    return chart


def boxes(picture: np.ndarray, fields: Sequence[int]) -> go.Figure:
    """Draw receptive fields as squares around the centre of an image, clipped at its border."""
    chart = pictures(("receptive field, by layer", picture))
    height, width = picture.shape[:2]
    for place, field in enumerate(fields):
        ink = AMBER if place == len(fields) - 1 else TEAL
        middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
        chart.add_shape(
            type="rect",
            x0=max(middle_x - field / 2, -0.5),
            x1=min(middle_x + field / 2, width - 0.5),
            y0=max(middle_y - field / 2, -0.5),
            y1=min(middle_y + field / 2, height - 0.5),
            line={"color": ink, "width": 2},
        )
    return chart


def filters(weights: np.ndarray, chosen: int) -> go.Figure:
    """Draw filters over three channels [F, 3, h, w] as coloured tiles (grey is 0), and frame the chosen filter."""
    tiles = [
        _framed(tile(kernel).repeat(8, axis=0).repeat(8, axis=1), at == chosen)
        for at, kernel in enumerate(weights)
    ]
    return pictures((f"the first {len(weights)} filters, grey is 0", mosaic(tiles[:64], MAPS_ACROSS, gap=3)))


def tile(weights: np.ndarray) -> np.ndarray:
    """Return a filter [C, h, w] as an image (uint8 [h, w, 3]), in grey unless the filter has three channels."""
    shown = weights if len(weights) == 3 else np.repeat(weights.mean(axis=0, keepdims=True), 3, axis=0)
    scaled = 127.5 + 127.5 * shown / (np.abs(shown).max() or 1)
    return np.rint(scaled).astype(np.uint8).transpose(1, 2, 0)


def maps(outputs: np.ndarray, chosen: int, number: int) -> go.Figure:
    """Draw feature maps [F, h, w], each scaled by its own maximum. The chosen map is framed."""
    scale = max(1, 48 // outputs.shape[1])
    tiles = [
        _framed(signed(feature_map).repeat(scale, axis=0).repeat(scale, axis=1), at == chosen)
        for at, feature_map in enumerate(outputs[:MOST_MAPS])
    ]
    some = f"{len(tiles)} of {len(outputs)}" if len(tiles) < len(outputs) else f"the {len(outputs)}"
    return pictures(
        (f"{some} feature maps of convolution {number} (dark: 0)", mosaic(tiles, MAPS_ACROSS, gap=3))
    )


def _framed(picture: np.ndarray, chosen: bool) -> np.ndarray:
    if chosen:
        picture = picture.copy()
        picture[[0, 1, -2, -1]] = picture[:, [0, 1, -2, -1]] = (255, 210, 0)
    return picture
