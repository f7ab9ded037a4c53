"""The bench and the endpoint of Imaging on galaxies: how many there are, and how good such a count is."""

from collections.abc import Callable
from typing import TypedDict

import gradio as gr
from gradio import FileData

from space_app.lab import imaging_figures as figures
from space_app.lab import imaging_views as views
from space_app.lab import picture_choice
from space_app.lab.frame import Bench, View
from space_app.lab.picture_choice import DEEP_FIELD
from space_app.lab.provenance import Source
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


def bench(watch: Watch) -> Bench:
    """Return the bench on galaxies."""
    return Bench(
        key="galaxies",
        question="How many galaxies are on the Hubble eXtreme Deep Field?",
        words="Blur by the width of a faint spot, measure sky and noise, keep connected spots that stand out. How "
        "good such a count is can be tried: on the negative, with other thresholds, and by putting spots in.",
        controls=lambda: [
            gr.Slider(2, 30, 5, step=0.5, label="Threshold (times the noise)"),
            gr.Slider(1, 60, 5, step=1, label="Smallest spot (pixels)"),
        ],
        show=_show(watch),
        figures=2,
    )


def _show(watch: Watch) -> Callable[..., View]:
    def show(threshold, least) -> View:
        pixels = picture_choice.read(watch, DEEP_FIELD)
        count = lab.count(grey(pixels), threshold=threshold, least=int(least))
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
            extra=picture_choice.told(watch, DEEP_FIELD),
        )

    return show


def endpoint(watch: Watch) -> Callable:
    """Return the endpoint over the pictures that `watch` has pulled."""

    def lab_galaxies(
        picture: str = DEEP_FIELD, file: FileData | None = None, threshold: float = 5, least: int = 5
    ) -> GalaxyCount:
        """Count the galaxies on a picture of the deep sky, and try the count.

        Parameters
        ----------
        picture : str
            A picture of the dataset space-images by its name, such as hubble-deep-field.
        file : FileData, optional
            A picture to look at in place of it.
        threshold : float
            Least height above the sky in units of its noise, 1 to 100.
        least : int
            Least area in pixels.

        Returns
        -------
        GalaxyCount
            The count; what it is at other thresholds; how many come from noise; how many of those put in are found.
        """
        brightness, source = views.given(watch, picture, file, longest=picture_choice.LONGEST)
        count = lab.count(
            brightness,
            threshold=views.number(threshold, "threshold", 1, 100),
            least=int(views.number(least, "least", 1, 1000)),
        )
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
            source=source,
        )

    return lab_galaxies


def _sentence(count: lab.Count) -> str:
    """Say how many galaxies there are, and how far to trust it."""
    found = len(count.found)
    return (
        f"{found:,} spots stand out: {count.lower:,} to {count.upper:,} when the threshold is a quarter higher or a "
        f"fifth lower. {count.false:,} are to be expected from noise alone, and of spots of the median brightness put "
        f"in anywhere {count.recovered} of {count.injected} are found as one more; the others run into what is there."
    )
