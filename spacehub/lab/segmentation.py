"""Divide an image's pixels into regions of similar colour, measure the regions' areas, and recolour the image."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.segmentation_colour import colours
from spacehub.lab.segmentation_kmeans import Clustering, best_of, nearest

# The numbers of pixels used and of pixels used for clustering, limited so that a slider stays fast.
MOST_PIXELS, LEARNERS, STARTS = 80_000, 3_000, 3
NOTHING = -1


@dataclass(frozen=True, kw_only=True)
class Pixels:
    """The pixels of an image that are used: every `step`-th pixel of every `step`-th row, except pure black.

    `rgb` is uint8 [h, w, 3]. `seen` is bool [h, w], false for black pixels, which have no data. `points` holds the
    colours of the seen pixels, float [N, D]. `sample` is int [M]: randomly drawn rows of `points` for clustering.
    """

    rgb: np.ndarray
    step: int
    seen: np.ndarray
    points: np.ndarray
    sample: np.ndarray

    def spread(self, values: np.ndarray, *, nothing: int | tuple = NOTHING) -> np.ndarray:
        """Put values of the seen pixels [N] or [N, C] in position, [h, w] or [h, w, C]; all other pixels get `nothing`."""
        placed = np.full((*self.seen.shape, *values.shape[1:]), nothing, dtype=values.dtype)
        placed[self.seen] = values
        return placed


@dataclass(frozen=True, kw_only=True)
class Region:
    """The region of one label: its fraction of the seen pixels, its mean colour (0 to 255), and its km² if known."""

    label: int
    share: float
    colour: tuple[int, int, int]
    km2: float | None


def look(picture: np.ndarray, space: str, *, seed: int = 0, most: int = MOST_PIXELS) -> Pixels:
    """Sample evenly spaced pixels of an image (uint8 [H, W, 3]), about `most` at most, as points in a colour space.

    Raises
    ------
    SpaceHubError
        If there is no such colour space, or the image is all black.
    """
    step = max(1, int(np.ceil(np.sqrt(picture.shape[0] * picture.shape[1] / most))))
    rgb = picture[::step, ::step]
    seen = rgb.max(axis=2) > 0
    if not seen.any():
        raise SpaceHubError("The image is completely black.", "Choose an image that shows something.")
    points = colours(rgb[seen], space)
    draw = np.random.default_rng(seed)
    sample = draw.choice(len(points), min(LEARNERS, len(points)), replace=False)
    return Pixels(rgb=rgb, step=step, seen=seen, points=points, sample=sample)


def segment(pixels: Pixels, k: int, *, seed: int = 0) -> tuple[np.ndarray, Clustering]:
    """Divide the seen pixels among k centres that k-means found in the sample, the best of three random starts.

    Returns
    -------
    labels : array of int, [N]
        For each seen pixel, from 0 for the largest region.
    clustering : Clustering
        The k-means result on the sample; its centres are in the same order.
    """
    clustering = best_of(STARTS, pixels.points[pixels.sample], k, seed=seed)
    labels = nearest(pixels.points, clustering.centres)
    order = np.argsort(-np.bincount(labels, minlength=k), kind="stable")
    rank = np.argsort(order)
    ordered = Clustering(
        centres=clustering.centres[order], labels=rank[clustering.labels], history=clustering.history
    )
    return rank[labels], ordered


def regions(pixels: Pixels, labels: np.ndarray, *, metres_a_pixel: float | None = None) -> list[Region]:
    """Return the fraction, mean colour and area of each label, in ascending order of labels.

    Parameters
    ----------
    labels : array of int, [N]
        The label of each seen pixel.
    metres_a_pixel : float, optional
        The width of a pixel of the whole image on the ground.
    """
    rgb, areas = pixels.rgb[pixels.seen], []
    each_km2 = (metres_a_pixel * pixels.step) ** 2 / 1e6 if metres_a_pixel else None
    for label in np.unique(labels):
        mine = labels == label
        count = int(mine.sum())
        areas.append(
            Region(
                label=int(label),
                share=count / len(labels),
                colour=tuple(int(value) for value in np.rint(rgb[mine].mean(axis=0))),
                km2=None if each_km2 is None else count * each_km2,
            )
        )
    return areas


def recolour(pixels: Pixels, labels: np.ndarray, colour_of: dict[int, tuple[int, int, int]]) -> np.ndarray:
    """Return the image with each region in one colour, uint8 [h, w, 3]; pixels without data are black."""
    painted = np.zeros((len(labels), 3), np.uint8)
    for label, colour in colour_of.items():
        painted[labels == label] = colour
    return pixels.spread(painted, nothing=0)
