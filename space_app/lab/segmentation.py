"""Segmentation: a picture's regions of like colour, other ways to find them, and the water on a Landsat scene."""

from collections.abc import Callable, Sequence

import gradio as gr
import numpy as np

from space_app.lab import picture_choice
from space_app.lab import segmentation_api as api
from space_app.lab import segmentation_figures as figures
from space_app.lab import segmentation_views as views
from space_app.lab.frame import Bench, Experiment, View
from space_app.lab.picture_figures import pictures
from space_app.lab.quantities import share
from space_app.watch import Watch
from space_app.words import esc
from spacehub.lab import segmentation as lab
from spacehub.lab import segmentation_others as others
from spacehub.lab.segmentation import Pixels, Region
from spacehub.lab.segmentation_choice import MOST_CLUSTERED, MOST_COMPARED, silhouettes
from spacehub.lab.segmentation_colour import CHROMATICITY, LAB, SPACES
from spacehub.lab.segmentation_kmeans import k_means
from spacehub.lab.segmentation_water import CLOUD, RULE, by_bands


def _space(first: str = LAB) -> gr.Radio:
    return gr.Radio(
        list(SPACES),
        value=first,
        label="Colours as",
        info="In Lab distance is about what one sees; chromaticity leaves brightness out.",
    )


def _count() -> gr.Slider:
    return gr.Slider(1, 12, 5, step=1, label="Regions")


def _seed() -> gr.Slider:
    return gr.Slider(1, 100, 1, step=1, label="Seed", info="Another seed, another start.")


def _regions_controls() -> Sequence[gr.components.Component]:
    return [picture_choice.choice(views.FIRST), picture_choice.upload(), _count(), _space(), _seed()]


def _show_regions(watch: Watch) -> Callable[..., View]:
    def show(name: str, file: str | None, k: int, space: str, seed: int) -> View:
        k, seed = int(k), int(seed)
        pixels = views.looked(watch, name, file, space, seed)
        labels, found = lab.segment(pixels, k, seed=seed)
        theirs, inertia = views.beside(pixels, k, seed=seed)
        choice = views.chosen(watch, name, file, space)
        areas = lab.regions(pixels, labels, metres_a_pixel=picture_choice.metres_a_pixel(watch, name, file))
        largest = areas[0]
        size = f", {largest.km2:,.0f} km²" if largest.km2 and largest.km2 >= 10 else ""
        return View(
            figures=[
                pictures(
                    ("the picture", pixels.rgb), (f"in {k} colours", _in_mean_colours(pixels, labels, areas))
                ),
                figures.fit(choice, k),
                figures.cloud(pixels, labels, areas, found, space),
            ],
            numbers={
                "Pixels, all that are not black": f"{len(labels):,}" + _thinned(pixels),
                "Of these learn": f"{len(pixels.sample):,}, drawn at random",
                "Steps of the best of three starts": f"{len(found.history)}",
                "Sum of squares, ours": f"{found.inertia:,.0f}",
                "The same by scikit-learn": f"{inertia:,.0f}",
                "Agreement with it (Rand, 1 is all)": f"{others.agreement(labels, theirs):.3f}",
                f"Elbow, of {MOST_CLUSTERED:,} pixels": f"{choice.elbow} regions",
                f"Best silhouette, of {MOST_COMPARED}": f"{choice.best} regions" if choice.best else "none",
            },
            answer=f"The largest of {len(areas)} regions is {share(largest.share)} of what is to be seen{size}; the elbow "
            f"asks for {choice.elbow} regions"
            + (f", the silhouette for {choice.best}." if choice.best else "."),
            source=k_means,
            extra=_table(areas) + picture_choice.told(watch, name, file),
        )

    return show


def _thinned(pixels: Pixels) -> str:
    return f", one of {pixels.step**2}" if pixels.step > 1 else ""


def _in_mean_colours(pixels: Pixels, labels: np.ndarray, areas: Sequence[Region]) -> np.ndarray:
    return lab.recolour(pixels, labels, {area.label: area.colour for area in areas})


def _table(areas: Sequence[Region]) -> str:
    """Write the regions with their colours as HTML."""
    rows = "".join(
        f'<tr><th><span style="display:inline-block;width:2.4rem;height:0.9rem;border-radius:4px;'
        f'background:rgb{area.colour}"></span></th><td>{esc(share(area.share))}</td>'
        + (f"<td>{esc(_km2(area.km2))}</td>" if area.km2 else "")
        + "</tr>"
        for area in areas
    )
    return f'<table class="lab-numbers"><tbody>{rows}</tbody></table>'


def _km2(area: float) -> str:
    return f"{area:,.0f} km²" if area >= 10 else f"{area:.3g} km²"


def _others_controls() -> Sequence[gr.components.Component]:
    return [
        picture_choice.choice(views.FIRST),
        picture_choice.upload(),
        _space(),
        _count(),
        gr.Slider(0.5, 20, 4, step=0.5, label="DBSCAN: radius", info="In units of the colours."),
        gr.Slider(2, 50, 10, step=1, label="DBSCAN: pixels that make a core"),
        gr.Radio(list(others.LINKAGES), value="ward", label="Bottom up: what nearest means"),
        _seed(),
    ]


def _show_others(watch: Watch) -> Callable[..., View]:
    def show(name, file, space, k, radius, least, linkage, seed) -> View:
        k, least, seed = int(k), int(least), int(seed)
        pixels = views.looked(watch, name, file, space, seed, most=views.FOLLOWERS)
        sample, labels = views.compared(pixels, k, radius, least, linkage, seed=seed)
        points = pixels.points[sample]
        everywhere = {
            "k-means": lab.segment(pixels, k, seed=seed)[0],
            "density": others.extend(pixels.points, points, labels["density"], radius=radius),
            "bottom up": others.extend(pixels.points, points, labels["bottom up"]),
        }
        drawn = {way: _with_noise(pixels, each) for way, each in everywhere.items()}
        dense, noise = int(labels["density"].max()) + 1, float((labels["density"] == others.NOISE).mean())
        agree = {way: others.agreement(labels["k-means"], labels[way]) for way in ("density", "bottom up")}
        return View(
            figures=[
                pictures(("the picture", pixels.rgb), ("k-means", drawn["k-means"])),
                pictures(("DBSCAN, pink is noise", drawn["density"]), ("bottom up", drawn["bottom up"])),
            ],
            numbers={
                "Pixels clustered": f"{len(sample)} of {len(pixels.points):,}, drawn at random",
                "All others": "follow the nearest of these",
                "DBSCAN finds": f"{dense} region{'s' if dense != 1 else ''}",
                "It leaves out as noise": share(noise),
                "DBSCAN and k-means agree": f"{agree['density']:.3f}",
                "Bottom up and k-means agree": f"{agree['bottom up']:.3f}",
                "Silhouette of k-means": _silhouette(points, labels["k-means"]),
                "Silhouette bottom up": _silhouette(points, labels["bottom up"]),
            },
            answer=f"Bottom up agrees with k-means by {agree['bottom up']:.2f}, DBSCAN by {agree['density']:.2f} (adjusted "
            f"Rand index: 1 is wholly, 0 as by chance); DBSCAN finds {dense} and leaves {share(noise)} out.",
            source=others.by_density,
            extra=picture_choice.told(watch, name, file),
        )

    return show


def _with_noise(pixels: Pixels, labels: np.ndarray) -> np.ndarray:
    """Paint regions in their mean colours, and noise in one that no scene has."""
    mean = {area.label: area.colour for area in lab.regions(pixels, labels)}
    return lab.recolour(pixels, labels, mean | {others.NOISE: views.NOISE_COLOUR})


def _silhouette(points: np.ndarray, labels: np.ndarray) -> str:
    points, labels = points[:MOST_COMPARED], labels[:MOST_COMPARED]
    return f"{silhouettes(points, labels).mean():.3f}" if len(np.unique(labels)) > 1 else "needs two regions"


def _water_controls() -> Sequence[gr.components.Component]:
    return [_space(), _count(), _seed()]


def _show_water(watch: Watch) -> Callable[..., View]:
    def show(space: str, k: int, seed: int) -> View:
        pixels, found, kinds = views.water(watch, int(k), space, int(seed))
        mask = by_bands(pixels.rgb[pixels.seen])
        return View(
            figures=[
                pictures(("the scene", pixels.rgb)),
                pictures(
                    ("by the rule", figures.painted(mask, pixels)),
                    (f"by {int(k)} regions", figures.painted(np.where(mask == CLOUD, CLOUD, kinds), pixels)),
                ),
            ],
            numbers={
                "Water, by the rule": share(found.by_rule),
                "Water, by regions": share(found.by_regions),
                "Cloud, left out": share(found.cloud),
                "Both say the same": share(found.agree),
                "Overlap of the water": share(found.overlap),
                "The same if all were water": share(found.by_rule),
            },
            answer=f"By the rule {share(found.by_rule)} of what no cloud hides is water, by {int(k)} regions "
            f"{share(found.by_regions)}; they agree on {share(found.agree)} of it."
            + ("" if space == CHROMATICITY else " What if brightness is left out?"),
            source=by_bands,
            extra=f"<p>{esc(RULE)} It was checked by eye, and it leaves brightness out, too.</p>"
            + picture_choice.told(watch, views.SCENE),
        )

    return show


def experiment(watch: Watch) -> Experiment:
    """Return the experiment over the pictures that `watch` has pulled."""
    return Experiment(
        key="segmentation",
        title="Segmentation",
        week=5,
        benches=[
            Bench(
                key="segmentation",
                question="How many colours make up a picture, and how much of it is each?",
                words="K-means shares the pixels out among centres and moves each centre to the mean of its own, until "
                "none changes hands.",
                controls=_regions_controls,
                show=_show_regions(watch),
                figures=3,
            ),
            Bench(
                key="segmentation-others",
                question="Do other ways to cluster find the same regions?",
                words="DBSCAN joins what lies close and leaves the rest out as noise; from the bottom up, the two nearest "
                "clusters become one until few are left.",
                controls=_others_controls,
                show=_show_others(watch),
                figures=2,
            ),
            Bench(
                key="segmentation-water",
                question="How much of the sea around Andros do colours alone find?",
                words="Water swallows red light. A rule on the bands makes a mask of it; a region counts as water if its "
                "mean colour obeys the rule. Deep water is as dark as forest.",
                controls=_water_controls,
                show=_show_water(watch),
                figures=2,
            ),
        ],
        endpoints=api.endpoints(watch),
    )
