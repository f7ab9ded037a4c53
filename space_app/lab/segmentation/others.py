"""Experiment: compare three clustering methods (k-means, density-based and agglomerative)."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.provenance import Source
from space_app.lab.quantities import share
from space_app.lab.segmentation import pixels
from space_app.lab.segmentation.pixels import ColourSpace, Regions
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import ROCKET, OwnPicture, Picture
from space_app.lab.shared.picture_figures import pictures
from space_app.parameters import Choice, Number, Seed, integer
from space_app.watch import Watch
from spacehub.lab import segmentation as lab
from spacehub.lab import segmentation_others as others
from spacehub.lab.segmentation import Pixels
from spacehub.lab.segmentation_choice import MOST_COMPARED, silhouettes
from spacehub.lab.segmentation_colour import LAB

# The number of pixels that scikit-learn clusters pairwise, and the number that then take the nearest one's label.
COMPARED, FOLLOWERS = 800, 25_000
NOISE_COLOUR = (255, 0, 255)
K_MEANS, DENSITY, BOTTOM_UP = "k-means", "density", "bottom up"


class Others(TypedDict):
    """Three clusterings of the same `sample` of pixels, and how well each pair agrees.

    Agreement is the adjusted Rand index, for which 1 is full agreement. `noise` is the fraction of the sample
    that DBSCAN assigns to none of its `density_regions`.
    """

    sample: int
    density_regions: int
    noise: float
    density_and_k_means: float
    bottom_up_and_k_means: float
    density_and_bottom_up: float
    source: Source | None


def lab_segment_others(
    watch: Watch,
    picture: Picture = ROCKET,
    regions: Regions = 5,
    radius: Annotated[
        float,
        Number(0.1, 50, step=0.1, label="DBSCAN: radius", help="The radius is in units of the colour space."),
    ] = 4,
    least: Annotated[int, integer(1, 100, step=1, label="DBSCAN: minimum pixels (core point)")] = 10,
    linkage: Annotated[str, Choice(list(others.LINKAGES), label="Bottom up: linkage")] = "ward",
    colour_space: ColourSpace = LAB,
    seed: Seed = 1,
    file: OwnPicture = None,
) -> Others:
    """Cluster 800 random pixels of an image with three methods: k-means, density-based and agglomerative."""
    _, sample, labels = _cluster(watch, picture, file, colour_space, regions, radius, least, linkage, seed)
    mean, density, bottom_up = labels.values()
    return Others(
        sample=len(sample),
        density_regions=int(density.max()) + 1,
        noise=float((density == others.NOISE).mean()),
        density_and_k_means=others.agreement(density, mean),
        bottom_up_and_k_means=others.agreement(bottom_up, mean),
        density_and_bottom_up=others.agreement(density, bottom_up),
        source=picture_choice.source(watch, picture, file),
    )


def view(
    watch: Watch,
    picture: str,
    file: str | None,
    colour_space: str,
    regions: int,
    radius: float,
    least: int,
    linkage: str,
    seed: int,
) -> View:
    """Show the regions found by three clustering methods."""
    seen, sample, labels = _cluster(watch, picture, file, colour_space, regions, radius, least, linkage, seed)
    points = seen.points[sample]
    everywhere = {
        K_MEANS: lab.segment(seen, regions, seed=seed)[0],
        DENSITY: others.extend(seen.points, points, labels[DENSITY], radius=radius),
        BOTTOM_UP: others.extend(seen.points, points, labels[BOTTOM_UP]),
    }
    drawn = {way: _with_noise(seen, each) for way, each in everywhere.items()}
    dense, noise = int(labels[DENSITY].max()) + 1, float((labels[DENSITY] == others.NOISE).mean())
    agree = {way: others.agreement(labels[K_MEANS], labels[way]) for way in (DENSITY, BOTTOM_UP)}
    return View(
        figures=[
            pictures(("the image", seen.rgb), (K_MEANS, drawn[K_MEANS])),
            pictures(("DBSCAN, pink is noise", drawn[DENSITY]), (BOTTOM_UP, drawn[BOTTOM_UP])),
        ],
        numbers={
            "Pixels clustered": f"{len(sample)} of {len(seen.points):,}, drawn at random",
            "All other pixels": "in the region of the nearest clustered pixel",
            "Regions found by DBSCAN": f"{dense} region{'s' if dense != 1 else ''}",
            "Noise, by DBSCAN": share(noise),
            "Agreement between DBSCAN and k-means": f"{agree[DENSITY]:.3f}",
            "Agreement between bottom-up clustering and k-means": f"{agree[BOTTOM_UP]:.3f}",
            "Silhouette of k-means": _silhouette(points, labels[K_MEANS]),
            "Silhouette of bottom-up clustering": _silhouette(points, labels[BOTTOM_UP]),
        },
        answer=f"The agreement with k-means is {agree[BOTTOM_UP]:.2f} for bottom-up clustering and "
        f"{agree[DENSITY]:.2f} for DBSCAN (adjusted Rand index: 1 is full agreement, 0 is chance). DBSCAN finds "
        f"{dense} region{'s' if dense != 1 else ''} and treats {share(noise)} as noise.",
        source=others.by_density,
        extra=picture_choice.provenance(watch, picture, file),
    )


def _cluster(
    watch: Watch,
    picture: str,
    file: str | None,
    colour_space: str,
    regions: int,
    radius: float,
    least: int,
    linkage: str,
    seed: int,
) -> tuple[Pixels, np.ndarray, dict[str, np.ndarray]]:
    """Cluster a sample with three methods. Return all pixels, the sample's row indices, and its labels for each method."""
    seen = pixels.read(watch, picture, file, colour_space, seed, most=FOLLOWERS)
    sample = seen.sample[:COMPARED]
    points = seen.points[sample]
    everywhere, _ = lab.segment(seen, regions, seed=seed)
    return (
        seen,
        sample,
        {
            K_MEANS: everywhere[sample],
            DENSITY: others.by_density(points, radius=radius, least=least),
            BOTTOM_UP: others.bottom_up(points, regions, linkage=linkage),
        },
    )


def _with_noise(seen: Pixels, labels: np.ndarray) -> np.ndarray:
    """Paint regions in their mean colours, and noise in a colour that does not occur in any scene."""
    mean = {area.label: area.colour for area in lab.regions(seen, labels)}
    return lab.recolour(seen, labels, mean | {others.NOISE: NOISE_COLOUR})


def _silhouette(points: np.ndarray, labels: np.ndarray) -> str:
    points, labels = points[:MOST_COMPARED], labels[:MOST_COMPARED]
    return f"{silhouettes(points, labels).mean():.3f}" if len(np.unique(labels)) > 1 else "needs two regions"


BENCH = Bench(
    key="segmentation-others",
    question="Do other clustering methods find the same regions?",
    words="DBSCAN groups pixels of similar colour and treats the rest as noise. Bottom-up (agglomerative) "
    "clustering repeatedly merges the two nearest clusters until only a few clusters are left.",
    endpoint=lab_segment_others,
    view=view,
    figures=2,
)
