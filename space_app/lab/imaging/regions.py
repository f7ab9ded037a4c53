"""Experiment: connected regions brighter than a threshold."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.imaging import brightness, figures
from space_app.lab.provenance import Source
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import DEEP_FIELD, OwnPicture, Picture
from space_app.parameters import Number
from space_app.watch import Watch
from spacehub.lab import imaging
from spacehub.lab.imaging import Region

MOST_LISTED = 500


class RegionFound(TypedDict):
    """A bright region: its area, equivalent diameter, perimeter, roundness (4 π area / perimeter²) and centre."""

    area: float
    diameter: float
    perimeter: float
    roundness: float
    middle: tuple[float, float]


class Regions(TypedDict):
    """The regions brighter than a threshold, largest first."""

    width: int
    height: int
    level: float
    regions: list[RegionFound]
    source: Source | None


def lab_regions(
    watch: Watch,
    picture: Picture = DEEP_FIELD,
    file: OwnPicture = None,
    level: Annotated[
        float,
        Number(0, 254, step=1, label="Threshold", help="If the threshold is 0, Otsu's threshold is used."),
    ]
    | None = 60,
    smallest: Annotated[float, Number(1, 1_000, step=1, label="Smallest region", unit="pixels")] = 30,
) -> Regions:
    """Find the connected regions of an image that are brighter than a threshold, with their area and roundness.

    Returns
    -------
    Regions
        At most 500 regions, largest first.
    """
    seen, level, found = _find(watch, picture, file, level, smallest)
    listed = [
        RegionFound(
            area=region.area,
            diameter=region.diameter,
            perimeter=region.perimeter,
            roundness=region.roundness,
            middle=region.middle,
        )
        for region in found[:MOST_LISTED]
    ]
    source = picture_choice.source(watch, picture, file)
    return Regions(**brightness.size(seen), level=level, regions=listed, source=source)


def view(watch: Watch, picture: str, file: str | None, level: float | None, smallest: float) -> View:
    """Show the outlines of the regions, and the threshold on the histogram of grey levels."""
    seen, level, found = _find(watch, picture, file, level, smallest)
    numbers = {"Size": brightness.written(seen), "Threshold": f"{level:.0f}", "Regions": f"{len(found):,}"}
    answer = "0 regions are brighter than this threshold."
    if found:
        largest = found[0]
        numbers |= {
            "Largest region: area": f"{largest.area:,.0f} pixels",
            "Largest region: equivalent diameter": f"{largest.diameter:.1f} pixels",
            "Largest region: centre": f"{largest.middle[0]:.1f}, {largest.middle[1]:.1f}",
            "Largest region: perimeter": f"{largest.perimeter:,.0f} pixels",
        }
        answer = (
            f"The largest of {len(found):,} regions has a roundness of {largest.roundness:.3f}. A perfect "
            f"circle has a roundness of 1, but a circle drawn in pixels has a roundness of {imaging.PIXEL_CIRCLE:.3f}."
        )
    return View(
        figures=[figures.outlines(seen, found), figures.histogram(seen, level)],
        numbers=numbers,
        answer=answer,
        source=imaging.regions,
        extra=picture_choice.provenance(watch, picture, file),
    )


def _find(
    watch: Watch, picture: str, file: str | None, level: float | None, smallest: float
) -> tuple[np.ndarray, float, list[Region]]:
    """Return the greyscale image (uint8 [h, w]), the threshold, and the regions above it."""
    seen = brightness.read(watch, picture, file)
    level = float(level) if level else imaging.otsu(seen)
    return seen, level, imaging.regions(seen, level=level, smallest=smallest)


BENCH = Bench(
    key="regions",
    question="How round is the largest bright region?",
    words="Pixels brighter than a threshold form connected regions, each with an outline. Otsu's method chooses the threshold that best separates dark from bright pixels. In the image of the Moon, Otsu's threshold finds the highlands, and a threshold just above the black of space finds the whole disc.",
    endpoint=lab_regions,
    view=view,
    figures=2,
)
