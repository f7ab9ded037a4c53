"""Imaging: edges, regions, corners and blobs; channels, galaxies, a template and a lander are in files beside."""

from collections.abc import Callable, Sequence

import gradio as gr

from space_app.lab import imaging_api as api
from space_app.lab import imaging_channels, imaging_galaxies, imaging_search_api, picture_choice
from space_app.lab import imaging_figures as figures
from space_app.lab import imaging_views as views
from space_app.lab.frame import Bench, Experiment, View
from space_app.lab.imaging_search import template_bench, track_bench
from space_app.lab.quantities import share
from space_app.watch import Watch
from spacehub.lab import imaging

BRIGHT, DARK = "bright", "dark"
OTSU = 0


def experiment(watch: Watch) -> Experiment:
    """Return the experiment over the pictures and pilots that `watch` has pulled."""
    return Experiment(
        key="imaging",
        title="Imaging",
        week=4,
        benches=[
            Bench(
                key="edges",
                question="How much of a picture is edge?",
                words="Canny's detector: blur, take the slope, thin it to a line, keep what is steep and what hangs on to "
                "it. Little blur finds the grain of the film, much blur only the outlines.",
                controls=lambda: [
                    *_picture(picture_choice.ROCKET),
                    gr.Slider(0, 8, 1.4, step=0.1, label="Blur (pixels)"),
                    gr.Slider(0.5, 40, 4, step=0.5, label="An edge goes on down to (grey levels a pixel)"),
                    gr.Slider(0.5, 40, 10, step=0.5, label="An edge begins above (grey levels a pixel)"),
                ],
                show=_show_edges(watch),
            ),
            Bench(
                key="regions",
                question="How round is the largest bright spot?",
                words="What is brighter than a level falls into regions, each with an outline. Otsu's level parts dark from "
                "bright best: on the Moon it finds the highlands, and a level just above the black of space the disc.",
                controls=lambda: [
                    *_picture(picture_choice.DEEP_FIELD),
                    gr.Slider(OTSU, 254, 60, step=1, label="Level", info="0 takes Otsu's."),
                    gr.Slider(5, 500, 30, step=5, label="Smallest region (pixels)"),
                ],
                show=_show_regions(watch),
                figures=2,
            ),
            Bench(
                key="corners",
                question="How many corners are there to hold on to?",
                words="A corner is a place that looks different wherever one moves: what a camera follows from picture to "
                "picture. Lattice towers are full of them, the sky has none.",
                controls=lambda: [
                    *_picture(picture_choice.ROCKET),
                    gr.Slider(1, api.MOST_CORNERS, 100, step=1, label="Corners at most"),
                    gr.Slider(0.005, 0.5, 0.05, step=0.005, label="Weakest, as a share of the strongest"),
                    gr.Slider(1, 60, 10, step=1, label="Least distance between two (pixels)"),
                ],
                show=_show_corners(watch),
            ),
            Bench(
                key="blobs",
                question="How many round spots are there, and how large are they?",
                words="A spot stands out most at the scale that fits it: that is its radius. A crater lit from the side has a "
                "bright half and a dark one, so look for either.",
                controls=lambda: [
                    *_picture(picture_choice.PLAIN),
                    gr.Radio([BRIGHT, DARK], value=BRIGHT, label="Spots that are"),
                    gr.Slider(2, 20, 3, step=0.5, label="Smallest radius (pixels)"),
                    gr.Slider(4, 40, 24, step=1, label="Largest radius (pixels)"),
                    gr.Slider(2, 100, 12, step=1, label="Least contrast (grey levels)"),
                ],
                show=_show_blobs(watch),
                figures=2,
            ),
            imaging_channels.bench(watch),
            imaging_galaxies.bench(watch),
            template_bench(watch),
            track_bench(watch),
        ],
        endpoints=[
            *api.endpoints(watch),
            imaging_channels.endpoint(watch),
            imaging_galaxies.endpoint(watch),
            *imaging_search_api.endpoints(watch),
        ],
    )


def _picture(first: str) -> Sequence[gr.components.Component]:
    return [picture_choice.choice(first), picture_choice.upload()]


def _show_edges(watch: Watch) -> Callable[..., View]:
    def show(name, file, blur, low, high) -> View:
        seen = views.brightness(watch, name, file)
        found = imaging.edges(seen, sigma=blur, low=low, high=high)
        part = float(found.mean())
        return View(
            figures=[figures.edges(seen, found)],
            numbers={
                "Looked at": f"{seen.shape[1]} × {seen.shape[0]} pixels",
                "Edge pixels": f"{int(found.sum()):,}",
                "Share": share(part),
                "Edge on average every": f"{1 / part:,.0f} pixels" if part else "nowhere",
            },
            answer=f"{share(part)} of the picture is edge: {int(found.sum()):,} pixels of lines one pixel wide.",
            source=imaging.edges,
            extra=picture_choice.told(watch, name, file),
        )

    return show


def _show_regions(watch: Watch) -> Callable[..., View]:
    def show(name, file, level, smallest) -> View:
        seen = views.brightness(watch, name, file)
        level = imaging.otsu(seen) if level == OTSU else float(level)
        found = imaging.regions(seen, level=level, smallest=smallest)
        numbers = {
            "Looked at": f"{seen.shape[1]} × {seen.shape[0]} pixels",
            "Level": f"{level:.0f}",
            "Regions": f"{len(found):,}",
        }
        answer = "0 regions are brighter than this level."
        if found:
            largest = found[0]
            numbers |= {
                "Largest: area": f"{largest.area:,.0f} pixels",
                "as a circle, across": f"{largest.diameter:.1f} pixels",
                "its middle": f"{largest.middle[0]:.1f}, {largest.middle[1]:.1f}",
                "its outline": f"{largest.perimeter:,.0f} pixels",
            }
            answer = (
                f"The largest of {len(found):,} is {largest.roundness:.3f} round. A circle is 1, and one whose outline "
                f"goes from pixel to pixel, as here, {imaging.PIXEL_CIRCLE:.3f}."
            )
        return View(
            figures=[figures.outlines(seen, found), figures.histogram(seen, level)],
            numbers=numbers,
            answer=answer,
            source=imaging.regions,
            extra=picture_choice.told(watch, name, file),
        )

    return show


def _show_corners(watch: Watch) -> Callable[..., View]:
    def show(name, file, most, quality, apart) -> View:
        seen = views.brightness(watch, name, file)
        found = imaging.corners(seen, most=int(most), quality=quality, apart=apart)
        full = len(found) == int(most)
        return View(
            figures=[figures.corners(seen, found)],
            numbers={
                "Looked at": f"{seen.shape[1]} × {seen.shape[0]} pixels",
                "Corners": f"{len(found):,}",
                "Weakest that counts": share(quality),
                "A corner on average every": f"{seen.size / max(len(found), 1):,.0f} pixels",
            },
            answer=f"{len(found):,} corners are found"
            + ("; there may be more: that is as many as were asked for." if full else "."),
            source=imaging.corners,
            extra=picture_choice.told(watch, name, file),
        )

    return show


def _show_blobs(watch: Watch) -> Callable[..., View]:
    def show(name, file, kind, smallest, largest, contrast) -> View:
        seen = views.brightness(watch, name, file)
        found = imaging.blobs(seen, smallest=smallest, largest=largest, contrast=contrast, dark=kind == DARK)
        numbers = {"Looked at": f"{seen.shape[1]} × {seen.shape[0]} pixels", "Spots": f"{len(found):,}"}
        answer = f"0 {kind} spots stand out by {contrast:g} grey levels or more."
        if len(found):
            middle = sorted(found[:, 2])[len(found) // 2]
            numbers |= {
                "Median radius": f"{middle:.1f} pixels",
                "Largest": f"{found[:, 2].max():.1f} pixels",
                "Strongest contrast": f"{found[0, 3]:.0f} grey levels",
            }
            answer = f"{len(found):,} {kind} spots stand out, half of them with a radius of {middle:.1f} pixels or less."
        return View(
            figures=[figures.blobs(seen, found), figures.radii(found)],
            numbers=numbers,
            answer=answer,
            source=imaging.blobs,
            extra=picture_choice.told(watch, name, file),
        )

    return show
