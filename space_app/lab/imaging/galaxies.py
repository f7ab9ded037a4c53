"""The bench on galaxies: how many there are, and how good such a count is."""

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
    """How many spots stand out of the sky, and how far that is to be trusted; `sentence` says it."""

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
    least: Annotated[int, integer(1, 1000, step=1, label="Smallest spot", unit="pixels")] = 5,
) -> GalaxyCount:
    """Count the galaxies in a picture of the deep sky, and test the count.

    Returns
    -------
    GalaxyCount
        The count; what it is at other thresholds; how many come from noise; how many of those put in are found.
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
    """Show what is counted on the Hubble eXtreme Deep Field, and how the count depends on the threshold."""
    pixels, count = _count(watch, DEEP_FIELD, None, threshold, least)
    return View(
        figures=[figures.galaxies(pixels, count), figures.by_brightness(count, threshold)],
        numbers={
            "Spots": f"{len(count.found):,}",
            "Threshold a quarter higher": f"{count.lower:,}",
            "Threshold a fifth lower": f"{count.upper:,}",
            "On the negative: noise": f"{count.false:,}",
            "Put in and found": f"{count.recovered} of {count.injected}",
            "Sky": f"{count.found.background:.1f} grey levels",
            "Noise after the blur": f"{count.found.noise:.2f} grey levels",
            "NASA, on the full picture": "about 5,500",
        },
        answer=_sentence(count),
        source=lab.count,
        extra=picture_choice.provenance(watch, DEEP_FIELD),
    )


def _count(
    watch: Watch, picture: str, file: str | None, threshold: float, least: int
) -> tuple[np.ndarray, lab.Count]:
    """Return a picture at its full size, uint8 [H, W, 3], and what is counted on it."""
    pixels = picture_choice.read(watch, picture, file)
    return pixels, lab.count(grey(pixels), threshold=threshold, least=least)


def _sentence(count: lab.Count) -> str:
    """Return how many galaxies there are, and how far to trust it."""
    found = len(count.found)
    return (
        f"{found:,} spots stand out: {count.lower:,} to {count.upper:,} when the threshold is a quarter higher or a "
        f"fifth lower. {count.false:,} are to be expected from noise alone, and of spots of the median brightness put "
        f"in anywhere {count.recovered} of {count.injected} are found as one more; the others run into what is there."
    )


BENCH = Bench(
    key="galaxies",
    question="How many galaxies are on the Hubble eXtreme Deep Field?",
    words="Blur by the width of a faint spot, measure sky and noise, keep connected spots that stand out. How "
    "good such a count is can be tested: on the negative, with other thresholds, and by putting spots in.",
    endpoint=lab_galaxies,
    view=view,
    figures=2,
)
