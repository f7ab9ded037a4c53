"""The edge experiment, which uses the Canny edge detector."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.imaging import brightness, figures
from space_app.lab.provenance import Source
from space_app.lab.quantities import share
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import ROCKET, OwnPicture, Picture
from space_app.parameters import Number
from space_app.watch import Watch
from spacehub.lab import imaging

SLOPE = "grey levels per pixel"


class Edges(TypedDict):
    """The number of edge pixels in an image and their share. `width` and `height` give the analysed image's size in pixels."""

    width: int
    height: int
    edge_pixels: int
    share: float
    source: Source | None


def lab_edges(
    watch: Watch,
    picture: Picture = ROCKET,
    file: OwnPicture = None,
    blur: Annotated[float, Number(0, 20, step=0.1, label="Blur", unit="pixels")] = 1.4,
    low: Annotated[float, Number(0, 60, step=0.5, label="Edges continue down to", unit=SLOPE)] = 4,
    high: Annotated[float, Number(0, 60, step=0.5, label="Edges begin above", unit=SLOPE)] = 10,
) -> Edges:
    """Find the edges in an image with the Canny edge detector.

    Returns
    -------
    Edges
        The number of edge pixels, and the fraction of all pixels that they make up.
    """
    seen, is_edge = _find(watch, picture, file, blur, low, high)
    count = int(is_edge.sum())
    return Edges(
        **brightness.size(seen),
        edge_pixels=count,
        share=count / is_edge.size,
        source=picture_choice.source(watch, picture, file),
    )


def view(watch: Watch, picture: str, file: str | None, blur: float, low: float, high: float) -> View:
    """Show the edges on the darkened image."""
    seen, is_edge = _find(watch, picture, file, blur, low, high)
    count, part = int(is_edge.sum()), float(is_edge.mean())
    return View(
        figures=[figures.edges(seen, is_edge)],
        numbers={
            "Size": brightness.written(seen),
            "Edge pixels": f"{count:,}",
            "Share": share(part),
            "Image pixels per edge pixel": f"{1 / part:,.0f}" if part else "no edges",
        },
        answer=f"Edges make up {share(part)} of the image ({count:,} pixels). The edge lines are one pixel wide.",
        source=imaging.edges,
        extra=picture_choice.provenance(watch, picture, file),
    )


def _find(
    watch: Watch, picture: str, file: str | None, blur: float, low: float, high: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the greyscale image (uint8 [h, w]) and its edge mask (bool [h, w])."""
    seen = brightness.read(watch, picture, file)
    return seen, imaging.edges(seen, sigma=blur, low=low, high=high)


BENCH = Bench(
    key="edges",
    question="How much of an image consists of edges?",
    words="The Canny edge detector blurs the image, computes the gradient, and thins the edges to lines one pixel wide. The detector then keeps pixels with a steep gradient, and weaker pixels connected to them. With weak blur, the film grain also appears as edges. With strong blur, "
    "only the outlines remain.",
    endpoint=lab_edges,
    view=view,
)
