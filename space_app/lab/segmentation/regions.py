"""Experiment: divide an image into regions of similar colour with k-means."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from space_app.html import render
from space_app.lab.frame import Bench, View
from space_app.lab.provenance import Source
from space_app.lab.quantities import share
from space_app.lab.segmentation import figures, pixels
from space_app.lab.segmentation.pixels import ColourSpace, Regions
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import ROCKET, OwnPicture, Picture
from space_app.lab.shared.picture_figures import pictures
from space_app.parameters import Seed
from space_app.watch import Watch
from spacehub.lab import segmentation as lab
from spacehub.lab import segmentation_others as others
from spacehub.lab.segmentation import Pixels, Region
from spacehub.lab.segmentation_choice import MOST_CLUSTERED, MOST_COMPARED, Choice
from spacehub.lab.segmentation_colour import LAB
from spacehub.lab.segmentation_kmeans import Clustering, k_means, nearest


class Area(TypedDict):
    """A region: its fraction of the pixels that are not black, its mean colour in RGB, and its area if known."""

    share: float
    colour: list[int]
    km2: float | None


class Segments(TypedDict):
    """The regions of an image, largest first, and a comparison of our k-means with scikit-learn's on one sample.

    `elbow` and `best_silhouette` are the numbers of regions, from 1 to 8, that these two criteria select.
    """

    areas: list[Area]
    pixels: int
    learned_from: int
    steps: int
    inertia: float
    inertia_of_scikit_learn: float
    agreement_with_scikit_learn: float
    elbow: int
    best_silhouette: int | None
    inertias: list[float]
    silhouettes: list[float | None]
    source: Source | None


def lab_segment(
    watch: Watch,
    picture: Picture = ROCKET,
    regions: Regions = 5,
    colour_space: ColourSpace = LAB,
    seed: Seed = 1,
    file: OwnPicture = None,
) -> Segments:
    """Divide an image's pixels into regions of similar colour by k-means, and return each region's area.

    At most about 80,000 pixels are used. The clusters are fitted to 3,000 of these pixels, drawn at random.
    Black pixels count as not observed.
    """
    segmented = _segment(watch, picture, file, regions, colour_space, seed)
    return Segments(
        areas=[Area(share=item.share, colour=list(item.colour), km2=item.km2) for item in segmented.areas],
        pixels=len(segmented.labels),
        learned_from=len(segmented.pixels.sample),
        steps=len(segmented.found.history),
        inertia=segmented.found.inertia,
        inertia_of_scikit_learn=segmented.other_inertia,
        agreement_with_scikit_learn=segmented.agreement,
        elbow=segmented.fit.elbow,
        best_silhouette=segmented.fit.best,
        inertias=segmented.fit.inertias.tolist(),
        silhouettes=[None if np.isnan(item) else float(item) for item in segmented.fit.silhouettes],
        source=picture_choice.source(watch, picture, file),
    )


def view(watch: Watch, picture: str, file: str | None, regions: int, colour_space: str, seed: int) -> View:
    """Show the image with each region in its mean colour, the inertia for each number of regions, and the distribution of colours."""
    segmented = _segment(watch, picture, file, regions, colour_space, seed)
    areas, fit, largest = segmented.areas, segmented.fit, segmented.areas[0]
    thinned = f", one of {segmented.pixels.step**2}" if segmented.pixels.step > 1 else ""
    size = f", {largest.km2:,.0f} km²" if largest.km2 and largest.km2 >= 10 else ""
    painted = lab.recolour(segmented.pixels, segmented.labels, {area.label: area.colour for area in areas})
    return View(
        figures=[
            pictures(("the image", segmented.pixels.rgb), (f"in {regions} colours", painted)),
            figures.fit(fit, regions),
            figures.cloud(segmented.pixels, segmented.labels, areas, segmented.found, colour_space),
        ],
        numbers={
            "Pixels that are not black": f"{len(segmented.labels):,}{thinned}",
            "Pixels used to cluster": f"{len(segmented.pixels.sample):,}, drawn at random",
            "Iterations (best of three random starts)": f"{len(segmented.found.history)}",
            "Within-cluster sum of squares, our k-means": f"{segmented.found.inertia:,.0f}",
            "Within-cluster sum of squares, scikit-learn": f"{segmented.other_inertia:,.0f}",
            "Agreement with scikit-learn (adjusted Rand index)": f"{segmented.agreement:.3f}",
            f"Best number of regions by the elbow method (on up to {MOST_CLUSTERED:,} pixels)": f"{fit.elbow}",
            f"Best number of regions by silhouette score (on up to {MOST_COMPARED} pixels)": f"{fit.best}"
            if fit.best
            else "none",
        },
        answer=f"The largest of {len(areas)} regions covers {share(largest.share)} of the visible area{size}. "
        f"The elbow method suggests {fit.elbow} regions"
        + (f", and the silhouette score suggests {fit.best}." if fit.best else "."),
        source=k_means,
        extra=render("lab/areas.html", areas=[(area.colour, share(area.share), _km2(area)) for area in areas])
        + picture_choice.provenance(watch, picture, file),
    )


@dataclass(frozen=True, kw_only=True)
class _Segmented:
    """An image's pixels, their labels from our k-means (int [N]), and a comparison with scikit-learn's k-means."""

    pixels: Pixels
    labels: np.ndarray
    found: Clustering
    areas: Sequence[Region]
    fit: Choice
    agreement: float
    other_inertia: float


def _segment(
    watch: Watch, picture: str, file: str | None, regions: int, colour_space: str, seed: int
) -> _Segmented:
    seen = pixels.read(watch, picture, file, colour_space, seed)
    labels, clustering = lab.segment(seen, regions, seed=seed)
    centres, inertia = others.k_means_of_sklearn(
        seen.points[seen.sample], regions, starts=lab.STARTS, seed=seed
    )
    metres = picture_choice.metres_a_pixel(watch, picture, file)
    return _Segmented(
        pixels=seen,
        labels=labels,
        found=clustering,
        areas=lab.regions(seen, labels, metres_a_pixel=metres),
        fit=pixels.fit(watch, picture, file, colour_space),
        agreement=others.agreement(labels, nearest(seen.points, centres)),
        other_inertia=inertia,
    )


def _km2(area: Region) -> str:
    if not area.km2:
        return ""
    return f"{area.km2:,.0f} km²" if area.km2 >= 10 else f"{area.km2:.3g} km²"


BENCH = Bench(
    key="segmentation",
    question="How many colours make up an image, and how much of it does each one cover?",
    words="K-means assigns each pixel to the nearest centre, and then moves each centre to the mean of its pixels. "
    "K-means repeats the assignment and the update until no pixel changes its centre.",
    endpoint=lab_segment,
    view=view,
    figures=3,
)
