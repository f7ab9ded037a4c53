"""The endpoints of the experiment Segmentation."""

from collections.abc import Callable
from typing import TypedDict

import numpy as np
from gradio import FileData

from space_app.lab import picture_choice
from space_app.lab import segmentation_views as views
from space_app.lab.provenance import Source
from space_app.watch import Watch
from spacehub.lab import segmentation as lab
from spacehub.lab import segmentation_others as others
from spacehub.lab.segmentation_colour import CHROMATICITY, LAB
from spacehub.lab.segmentation_water import RULE


class Area(TypedDict):
    """A region: its share of what is not black, its mean colour in RGB, and its area where that is known."""

    share: float
    colour: list[int]
    km2: float | None


class Segments(TypedDict):
    """A picture in regions of like colour, the largest first; ours and scikit-learn's k-means on the same sample.

    `elbow` and `best_silhouette` are the numbers of regions that those two rules would choose, of 1 to 8.
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


class Others(TypedDict):
    """Three clusterings of the same `sample` of pixels, and how far each two agree (adjusted Rand index, 1 is wholly).

    `noise` is the share of the sample that DBSCAN puts in none of its `density_regions`.
    """

    sample: int
    density_regions: int
    noise: float
    density_and_k_means: float
    bottom_up_and_k_means: float
    density_and_bottom_up: float
    source: Source | None


class WaterAnswer(TypedDict):
    """How much of the Landsat scene is water, as shares of what is no cloud; `rule` says how the bands tell."""

    by_rule: float
    by_regions: float
    cloud: float
    agree: float
    overlap: float
    rule: str
    source: Source | None


def endpoints(watch: Watch) -> list[Callable]:
    """Return the endpoints over the pictures that `watch` has pulled."""

    def lab_segment(
        picture: str = views.FIRST,
        regions: int = 5,
        colour_space: str = LAB,
        seed: int = 1,
        file: FileData | None = None,
    ) -> Segments:
        """Share a picture's pixels out among regions of like colour by k-means, and tell each region's area.

        At most about 80,000 pixels are looked at, of which 3,000, drawn at random, do the clustering. Black is nothing seen.

        Parameters
        ----------
        picture : str
            A picture of space-images, such as landsat-bahamas, or a class of EuroSAT, such as Residential.
        regions : int
            How many there shall be, 1 to 20.
        colour_space : str
            RGB, Lab or chromaticity, which is RGB without brightness.
        seed : int
            Another seed, another draw of pixels and another start.
        file : FileData, optional
            A picture of one's own in place of it.
        """
        path = picture_choice.own(file)
        pixels = views.looked(watch, picture, path, colour_space, seed)
        labels, found = lab.segment(pixels, regions, seed=seed)
        theirs, inertia = views.beside(pixels, regions, seed=seed)
        choice = views.chosen(watch, picture, path, colour_space)
        metres = picture_choice.metres_a_pixel(watch, picture, path)
        return Segments(
            areas=[
                Area(share=one.share, colour=list(one.colour), km2=one.km2)
                for one in lab.regions(pixels, labels, metres_a_pixel=metres)
            ],
            pixels=len(labels),
            learned_from=len(pixels.sample),
            steps=len(found.history),
            inertia=found.inertia,
            inertia_of_scikit_learn=inertia,
            agreement_with_scikit_learn=others.agreement(labels, theirs),
            elbow=choice.elbow,
            best_silhouette=choice.best,
            inertias=choice.inertias.tolist(),
            silhouettes=[None if np.isnan(one) else float(one) for one in choice.silhouettes],
            source=picture_choice.origin(watch, picture, path),
        )

    def lab_segment_others(
        picture: str = views.FIRST,
        regions: int = 5,
        radius: float = 4,
        least: int = 10,
        linkage: str = "ward",
        colour_space: str = LAB,
        seed: int = 1,
        file: FileData | None = None,
    ) -> Others:
        """Cluster 800 pixels of a picture, drawn at random, by k-means, by density and from the bottom up.

        Parameters
        ----------
        picture : str
            A picture of space-images, such as landsat-bahamas, or a class of EuroSAT, such as Residential.
        regions : int
            How many k-means and the clustering from the bottom up shall make, 1 to 20.
        radius : float
            DBSCAN's: how near another colour must be, in units of the colour space.
        least : int
            DBSCAN's: how many pixels within the radius, itself among them, make a core.
        linkage : str
            ward, complete, average or single: what nearest means from the bottom up.
        colour_space : str
            RGB, Lab or chromaticity, which is RGB without brightness.
        seed : int
            Another seed, another draw of pixels and another start.
        file : FileData, optional
            A picture of one's own in place of it.
        """
        path = picture_choice.own(file)
        pixels = views.looked(watch, picture, path, colour_space, seed, most=views.FOLLOWERS)
        sample, labels = views.compared(pixels, regions, radius, least, linkage, seed=seed)
        mean, density, bottom_up = labels.values()
        return Others(
            sample=len(sample),
            density_regions=int(density.max()) + 1,
            noise=float((density == others.NOISE).mean()),
            density_and_k_means=others.agreement(density, mean),
            bottom_up_and_k_means=others.agreement(bottom_up, mean),
            density_and_bottom_up=others.agreement(density, bottom_up),
            source=picture_choice.origin(watch, picture, path),
        )

    def lab_water(regions: int = 5, colour_space: str = CHROMATICITY, seed: int = 1) -> WaterAnswer:
        """Tell how much of a Landsat scene of Andros, the Bahamas, is water: by a rule on its bands, and by k-means.

        A region is water if its mean colour is, by the same rule.

        Parameters
        ----------
        regions : int
            How many k-means shall make, 1 to 20.
        colour_space : str
            RGB, Lab or chromaticity, which is RGB without brightness.
        seed : int
            Another seed, another draw of pixels and another start.
        """
        _, found, _ = views.water(watch, regions, colour_space, seed)
        return WaterAnswer(**vars(found), rule=RULE, source=picture_choice.origin(watch, views.SCENE))

    return [lab_segment, lab_segment_others, lab_water]
