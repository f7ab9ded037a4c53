"""What the endpoints and the page of Segmentation share: the pixels that are looked at, and what is found of them."""

import functools
from pathlib import Path

import numpy as np

from space_app.lab import picture_choice, space_pictures
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import segmentation as lab
from spacehub.lab import segmentation_others as others
from spacehub.lab.segmentation import Pixels
from spacehub.lab.segmentation_choice import Choice, choose
from spacehub.lab.segmentation_kmeans import nearest
from spacehub.lab.segmentation_water import Water, compare

# What is looked at first is there wherever datasets are built; the scene needs its raw file.
FIRST, SCENE = picture_choice.ROCKET, "landsat-bahamas"
# What scikit-learn compares all pairs of, and how many pixels then follow the nearest of these.
COMPARED, FOLLOWERS = 800, 25_000
NOISE_COLOUR = (255, 0, 255)


@functools.lru_cache(maxsize=8)
def _looked(picture: bytes, shape: tuple[int, int, int], space: str, seed: int, most: int) -> Pixels:
    return lab.look(np.frombuffer(picture, np.uint8).reshape(shape), space, seed=seed, most=most)


@functools.lru_cache(maxsize=16)
def _chosen(picture: bytes, shape: tuple[int, int, int], space: str) -> Choice:
    pixels = _looked(picture, shape, space, 0, lab.MOST_PIXELS)
    return choose(pixels.points[pixels.sample])


def looked(
    watch: Watch,
    name: str,
    file: str | Path | None,
    space: str,
    seed: int,
    *,
    most: int = lab.MOST_PIXELS,
) -> Pixels:
    """Return the pixels of a picture that are looked at."""
    picture = picture_choice.read(watch, name, file)
    return _looked(picture.tobytes(), picture.shape, space, seed, most)


def chosen(watch: Watch, name: str, file: str | Path | None, space: str) -> Choice:
    """Return how well each number of regions fits a picture."""
    picture = picture_choice.read(watch, name, file)
    return _chosen(picture.tobytes(), picture.shape, space)


def beside(pixels: Pixels, k: int, *, seed: int) -> tuple[np.ndarray, float]:
    """Return the labels of the seen pixels, int [N], and the sum of squares, by scikit-learn's k-means."""
    centres, inertia = others.k_means_of_sklearn(
        pixels.points[pixels.sample], k, starts=lab.STARTS, seed=seed
    )
    return nearest(pixels.points, centres), inertia


def compared(
    pixels: Pixels, k: int, radius: float, least: int, linkage: str, *, seed: int
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Cluster a sample in three ways.

    Returns
    -------
    sample : array of int
        Rows of the seen pixels.
    labels : dict of str to array of int
        Of the sample, by the way.
    """
    sample = pixels.sample[:COMPARED]
    points = pixels.points[sample]
    everywhere, _ = lab.segment(pixels, k, seed=seed)
    return sample, {
        "k-means": everywhere[sample],
        "density": others.by_density(points, radius=radius, least=least),
        "bottom up": others.bottom_up(points, k, linkage=linkage),
    }


def water(watch: Watch, k: int, space: str, seed: int) -> tuple[Pixels, Water, np.ndarray]:
    """Return the Landsat scene's pixels, how much is water by rule and by regions, and each one's kind by regions.

    Raises
    ------
    SpaceHubError
        When the dataset was published without the scene.
    """
    if SCENE not in space_pictures.pictures(watch).listed:
        raise SpaceHubError(
            "The dataset space-images was published without the Landsat scene, which this bench is about.",
            "Publish it where all of its raw files are.",
        )
    pixels = looked(watch, SCENE, None, space, seed)
    labels, _ = lab.segment(pixels, k, seed=seed)
    found, kinds = compare(pixels.rgb[pixels.seen], labels)
    return pixels, found, kinds
