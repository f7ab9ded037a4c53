"""Experiment: measure the water in a Landsat scene, with a rule that compares its bands and with k-means."""

from typing import TypedDict

import numpy as np

from space_app.html import render
from space_app.lab.frame import Bench, View
from space_app.lab.provenance import Source
from space_app.lab.quantities import share
from space_app.lab.segmentation import figures, pixels
from space_app.lab.segmentation.pixels import ColourSpace, Regions
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_figures import pictures
from space_app.parameters import Seed
from space_app.served import space_pictures
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import segmentation as lab
from spacehub.lab.segmentation import Pixels
from spacehub.lab.segmentation_colour import CHROMATICITY, LAB
from spacehub.lab.segmentation_water import CLOUD, RULE, Water, by_bands, compare

# The scene needs its raw file, which is not available on every machine.
SCENE = "landsat-bahamas"


class WaterAnswer(TypedDict):
    """The fraction of the Landsat scene's cloud-free area that is water. `rule` is the fraction that the band rule finds."""

    by_rule: float
    by_regions: float
    cloud: float
    agree: float
    overlap: float
    rule: str
    source: Source | None


def lab_water(
    watch: Watch, regions: Regions = 5, colour_space: ColourSpace = LAB, seed: Seed = 1
) -> WaterAnswer:
    """Measure how much of a Landsat scene of Andros (Bahamas) is water, by a rule on its bands and by k-means.

    A region counts as water if its mean colour satisfies the same rule.
    """
    _, water, _ = _water(watch, regions, colour_space, seed)
    return WaterAnswer(**vars(water), rule=RULE, source=picture_choice.source(watch, SCENE))


def view(watch: Watch, colour_space: str, regions: int, seed: int) -> View:
    """Show the scene and the water that each method finds."""
    seen, water, kinds = _water(watch, regions, colour_space, seed)
    mask = by_bands(seen.rgb[seen.seen])
    return View(
        figures=[
            pictures(("the scene", seen.rgb)),
            pictures(
                ("by the rule", figures.painted(mask, seen)),
                (f"by {regions} regions", figures.painted(np.where(mask == CLOUD, CLOUD, kinds), seen)),
            ),
        ],
        numbers={
            "Water, by the rule": share(water.by_rule),
            "Water, by regions": share(water.by_regions),
            "Cloud, left out": share(water.cloud),
            "Area on which both methods agree": share(water.agree),
            "Overlap of the two water areas (IoU)": share(water.overlap),
            "Baseline IoU (everything labelled as water)": share(water.by_rule),
        },
        answer=f"The rule finds water in {share(water.by_rule)} of the cloud-free area, and k-means with "
        f"{regions} regions in {share(water.by_regions)}. The two methods agree on "
        f"{share(water.agree)} of the area."
        + ("" if colour_space == CHROMATICITY else " What if you leave out brightness?"),
        source=by_bands,
        extra=render(
            "lab/paragraph.html",
            text=f"{RULE} We checked this rule visually. Like chromaticity, the comparison of blue and red ignores brightness.",
        )
        + picture_choice.provenance(watch, SCENE),
    )


def _water(watch: Watch, regions: int, colour_space: str, seed: int) -> tuple[Pixels, Water, np.ndarray]:
    """Return the Landsat scene's pixels, the fraction of water from each method, and each pixel's kind from k-means."""
    if SCENE not in space_pictures.pictures(watch).listed:
        raise SpaceHubError(
            "This experiment requires the Landsat scene, but the published space-images dataset does not contain it.",
            "Publish the dataset again on a machine that has all the raw files.",
        )
    seen = pixels.read(watch, SCENE, None, colour_space, seed)
    labels, _ = lab.segment(seen, regions, seed=seed)
    water, kinds = compare(seen.rgb[seen.seen], labels)
    return seen, water, kinds


BENCH = Bench(
    key="segmentation-water",
    question="How much of the sea around Andros can be detected by colour alone?",
    words="Water absorbs red light, so a rule that compares the colour bands can find water. A region counts as "
    "water if its mean colour satisfies the rule. Deep water and forest are easily confused, because both are "
    "equally dark.",
    endpoint=lab_water,
    view=view,
    figures=2,
)
