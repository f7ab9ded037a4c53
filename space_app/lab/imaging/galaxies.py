"""The galaxy experiment: how many galaxies an image shows, and how reliable the count is."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.imaging import figures
from space_app.lab.provenance import Source
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import DEEP_FIELD, OwnPicture, Picture
from space_app.parameters import Number, integer
from space_app.watch import Watch
from spacehub.lab import imaging_galaxies as lab
from spacehub.lab.imaging import grey


class GalaxyCount(TypedDict):
    """The number of sources brighter than the sky and the reliability of the count. `sentence` describes both."""

    count: int
    lower: int
    upper: int
    false: int
    injected: int
    recovered: int
    background: float
    noise: float
    sentence: str
    source: Source | None


def lab_galaxies(
    watch: Watch,
    picture: Picture = DEEP_FIELD,
    file: OwnPicture = None,
    threshold: Annotated[
        float, Number(1, 100, step=0.5, label="Threshold above the sky", unit="times the noise")
    ] = 5,
    least: Annotated[int, integer(1, 1000, step=1, label="Smallest source", unit="pixels")] = 5,
) -> GalaxyCount:
    """Count the galaxies in an image of the deep sky, and estimate how reliable the count is.

    Returns
    -------
    GalaxyCount
        The count; the counts at other thresholds; the expected number of false detections from noise; and the
        number of injected sources that are found.
    """
    _, count = _count(watch, picture, file, threshold, least)
    return GalaxyCount(
        count=len(count.found),
        lower=count.lower,
        upper=count.upper,
        false=count.false,
        injected=count.injected,
        recovered=count.recovered,
        background=count.found.background,
        noise=count.found.noise,
        sentence=_sentence(count),
        source=picture_choice.source(watch, picture, file),
    )


def view(watch: Watch, threshold: float, least: int) -> View:
    """Show the sources counted in the Hubble eXtreme Deep Field, and how the count depends on the threshold."""
    pixels, count = _count(watch, DEEP_FIELD, None, threshold, least)
    return View(
        figures=[figures.galaxies(pixels, count), figures.by_brightness(count, threshold)],
        numbers={
            "Sources": f"{len(count.found):,}",
            "Sources at a 25 % higher threshold": f"{count.lower:,}",
            "Sources at a 20 % lower threshold": f"{count.upper:,}",
            "Sources in the negative image (noise)": f"{count.false:,}",
            "Injected sources found": f"{count.recovered} of {count.injected}",
            "Sky": f"{count.found.background:.1f} grey levels",
            "Noise after smoothing": f"{count.found.noise:.2f} grey levels",
            "NASA's count in the full image": "about 5,500",
        },
        answer=_sentence(count),
        source=lab.count,
        extra=picture_choice.provenance(watch, DEEP_FIELD),
    )


def _count(
    watch: Watch, picture: str, file: str | None, threshold: float, least: int
) -> tuple[np.ndarray, lab.Count]:
    """Return an image at full size (uint8 [H, W, 3]), and the counted sources."""
    pixels = picture_choice.read(watch, picture, file)
    return pixels, lab.count(grey(pixels), threshold=threshold, least=least)


def _sentence(count: lab.Count) -> str:
    """Return a sentence with the number of galaxies and the reliability of the count."""
    spots = len(count.found)
    return (
        f"{spots:,} sources stand out. With a 25 % higher threshold, the count is {count.lower:,}. With a 20 % "
        f"lower threshold, the count is {count.upper:,}. {count.false:,} source{' is' if count.false == 1 else 's are'} expected from noise alone. Of {count.injected} "
        f"artificial sources of median brightness at random positions, {count.recovered} are counted. The other artificial "
        "sources merge with existing sources."
    )


BENCH = Bench(
    key="galaxies",
    question="How many galaxies are in the Hubble eXtreme Deep Field?",
    words="The app smooths the image with a kernel about as wide as a faint source, and estimates the sky level and the noise. The app "
    "then counts the connected components (groups of adjacent pixels) above the threshold as sources. The app tests the count in three ways: on the negative "
    "image, with other thresholds, and with injected artificial sources.",
    endpoint=lab_galaxies,
    view=view,
    figures=2,
)
