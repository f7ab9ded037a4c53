"""Draw images in the Lab's figures: side by side, each with a title, with sharp pixels and without extra height."""

import base64
import io
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from space_app.lab.figures import figure

GAP, TITLE = 0.03, 30
LARGE = 200_000  # pixels; in larger images, single pixels are too small to distinguish on the page
# Colours below zero, at zero and above zero: values far from zero are bright, orange above and blue below.
LOW, NOUGHT, HIGH = np.array([120, 170, 255]), np.array([18, 22, 34]), np.array([255, 170, 90])


def pictures(*shown: tuple[str, np.ndarray]) -> go.Figure:
    """Return a figure that shows titled images, uint8 [H, W, 3], in a row.

    `meta` gives ``static/figure.js`` the ratio of the figure's height to its width on the page, and the file name
    under which visitors can save the figure.
    """
    chart = figure(height=360)
    width = (1 - GAP * (len(shown) - 1)) / len(shown)
    chart.layout.margin = {"l": 0, "r": 0, "t": TITLE, "b": 4}
    annotations = []
    for place, (title, pixels) in enumerate(shown):
        number = "" if place == 0 else str(place + 1)
        left = place * (width + GAP)
        hidden = {"visible": False, "fixedrange": True}
        height, across = pixels.shape[:2]
        chart.layout[f"xaxis{number}"] = hidden | {
            "domain": (left, min(left + width, 1)),
            "range": (-0.5, across - 0.5),
            "constrain": "domain",
            "constraintoward": "left",
            "anchor": f"y{number}",
        }
        chart.layout[f"yaxis{number}"] = hidden | {
            "range": (height - 0.5, -0.5),
            "constrain": "domain",
            "constraintoward": "top",
            "scaleanchor": f"x{number}",
            "anchor": f"x{number}",
        }
        chart.add_trace(
            go.Image(source=as_source(pixels), hoverinfo="skip", xaxis=f"x{number}", yaxis=f"y{number}")
        )
        annotations.append(_title(title, left))
    chart.layout.annotations = annotations
    tallest = max(pixels.shape[0] / pixels.shape[1] for _, pixels in shown)
    chart.layout.meta = {"heightOfWidth": tallest * width, "more": TITLE + 4, "file": "spacehub-picture"}
    return chart


def _title(text: str, left: float) -> dict:
    return {
        "text": text,
        "x": left,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 4,
        "showarrow": False,
    }


def as_source(pixels: np.ndarray) -> str:
    """Return an image, uint8 [H, W, 3], as a data URI: PNG or, if large, JPEG at about a tenth of the size."""
    file, large = io.BytesIO(), pixels.shape[0] * pixels.shape[1] > LARGE
    kind, options = ("jpeg", {"quality": 90}) if large else ("png", {"compress_level": 1})
    Image.fromarray(pixels).save(file, kind, **options)
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode()}"


def signed(values: np.ndarray, largest: float | None = None) -> np.ndarray:
    """Convert numbers [...] to colours (uint8 [..., 3]): dark at 0, orange above and blue below.

    Parameters
    ----------
    largest : float, optional
        The absolute value shown in full colour; by default, the largest one.
    """
    largest = largest or float(np.abs(values).max()) or 1.0
    share = np.clip(values / largest, -1, 1)[..., np.newaxis]
    ends = np.where(share > 0, HIGH, LOW)
    return np.rint(NOUGHT + np.abs(share) * (ends - NOUGHT)).astype(np.uint8)


def mosaic(tiles: Sequence[np.ndarray], across: int, *, scale: int = 1, gap: int = 1) -> np.ndarray:
    """Arrange equally sized images (uint8 [h, w, 3]) in rows of `across`, enlarged `scale` times, with gaps."""
    tiles = [tile.repeat(scale, axis=0).repeat(scale, axis=1) for tile in tiles]
    height, width = tiles[0].shape[:2]
    down = -(-len(tiles) // across)
    canvas = np.full((down * (height + gap) - gap, across * (width + gap) - gap, 3), 128, np.uint8)
    for place, tile in enumerate(tiles):
        top, left = place // across * (height + gap), place % across * (width + gap)
        canvas[top : top + height, left : left + width] = tile
    return canvas
