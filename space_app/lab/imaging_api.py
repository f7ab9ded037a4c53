"""The endpoints of the experiment Imaging: a picture of the dataset or one that is sent, and what is found on it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

import numpy as np
from gradio import FileData

from space_app.endpoints import sent
from space_app.lab import imaging_video, picture_choice
from space_app.lab import imaging_views as views
from space_app.lab.provenance import Source
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import imaging, imaging_channels, imaging_galaxies, tracking
from spacehub.lab.segmentation_colour import LAB

DEEP_FIELD, MOON, PLAIN, ROCKET, SCENE = (
    "hubble-deep-field",
    "moon",
    "lunar-surface",
    "rocket",
    "landsat-bahamas",
)
MOST_LISTED = 500
MOST_CORNERS = 1000


class Edges(TypedDict):
    """How much of a picture is edge; `width` and `height` in pixels, as it was looked at."""

    width: int
    height: int
    edge_pixels: int
    share: float
    source: Source | None


class RegionFound(TypedDict):
    """A bright region: area in pixels, the circle of that area, its middle, and 4 π area / perimeter²."""

    area: float
    diameter: float
    perimeter: float
    roundness: float
    middle: tuple[float, float]


class Regions(TypedDict):
    """What is brighter than a level, the largest first."""

    width: int
    height: int
    level: float
    regions: list[RegionFound]
    source: Source | None


class Places(TypedDict):
    """What was found at which places, x and y in pixels; of blobs also radius and contrast."""

    width: int
    height: int
    found: list[list[float]]
    source: Source | None


class Channels(TypedDict):
    """How far the three channels say the same: their correlations, and the mean of the absolute ones."""

    space: str
    channels: tuple[str, ...]
    means: list[float]
    correlations: list[list[float]]
    overlap: float
    source: Source | None


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


class TemplateFound(TypedDict):
    """Where a template was found on the turned picture, and where it truly is."""

    x: float
    y: float
    scale: float
    angle: float
    score: float
    true_x: float
    true_y: float
    error_pixels: float
    source: Source | None


class LanderTrack(TypedDict):
    """Where a lander was found in each picture of a film and where it was, x and y in pixels; null where not found.

    Errors count pictures that show all of the lander.
    """

    pilot: str
    seed: int
    outcome: str
    method: str
    pictures: int
    whole: int
    found: int
    median_error_pixels: float | None
    rms_error_pixels: float | None
    largest_error_pixels: float | None
    track: list[list[float] | None]
    truth: list[list[float]]


def endpoints(watch: Watch) -> Sequence[Callable]:
    """Return the endpoints over the pictures and pilots that `watch` has pulled."""

    def seen(picture: str, file: object, longest: int = views.LONGEST) -> tuple[np.ndarray, Source | None]:
        path = _path(file)
        return (
            views.brightness(watch, picture, path, longest=longest),
            picture_choice.origin(watch, picture, path),
        )

    def lab_edges(
        picture: str = ROCKET,
        file: FileData | None = None,
        blur: float = 1.4,
        low: float = 4,
        high: float = 10,
    ) -> Edges:
        """Find the edges of a picture as Canny does.

        Parameters
        ----------
        picture : str
            A picture of the dataset space-images by its name, such as rocket, or of EuroSAT by its class.
        file : FileData, optional
            A picture to look at in place of it.
        blur : float
            Blur before, in pixels, 0 to 20.
        low, high : float
            Slopes in grey levels a pixel: an edge begins above the higher one and goes on down to the lower.

        Returns
        -------
        Edges
            The pixels that are edge, and their share.
        """
        brightness, source = seen(picture, file)
        blur, low, high = (
            _number(blur, "blur", 0, 20),
            _number(low, "low", 0, 255),
            _number(high, "high", 0, 255),
        )
        found = imaging.edges(brightness, sigma=blur, low=low, high=high)
        count = int(found.sum())
        return Edges(**_size(brightness), edge_pixels=count, share=count / found.size, source=source)

    def lab_regions(
        picture: str = MOON, file: FileData | None = None, level: float | None = None, smallest: float = 30
    ) -> Regions:
        """Find the connected regions of a picture that are brighter than a level, with area and roundness.

        Parameters
        ----------
        picture : str
            A picture of the dataset space-images by its name, such as moon, or of EuroSAT by its class.
        file : FileData, optional
            A picture to look at in place of it.
        level : float, optional
            Grey level, 0 to 255; Otsu's when none is given.
        smallest : float
            Least area in pixels.

        Returns
        -------
        Regions
            At most 500, the largest first.
        """
        brightness, source = seen(picture, file)
        level = imaging.otsu(brightness) if level is None else _number(level, "level", 0, 255)
        smallest = _number(smallest, "smallest", 1, 1e7)
        found = imaging.regions(brightness, level=level, smallest=smallest)
        listed = [
            RegionFound(
                area=one.area,
                diameter=one.diameter,
                perimeter=one.perimeter,
                roundness=one.roundness,
                middle=one.middle,
            )
            for one in found[:MOST_LISTED]
        ]
        return Regions(**_size(brightness), level=level, regions=listed, source=source)

    def lab_corners(
        picture: str = ROCKET,
        file: FileData | None = None,
        most: int = 100,
        quality: float = 0.05,
        apart: float = 10,
    ) -> Places:
        """Find the corners of a picture, each to a part of a pixel.

        Parameters
        ----------
        picture : str
            A picture of the dataset space-images by its name, such as rocket, or of EuroSAT by its class.
        file : FileData, optional
            A picture to look at in place of it.
        most : int
            How many at most, up to 1,000.
        quality : float
            The weakest that counts, as a share of the strongest, 0.001 to 1.
        apart : float
            Least distance between two, in pixels.

        Returns
        -------
        Places
            The strongest first: x and y.
        """
        brightness, source = seen(picture, file)
        found = imaging.corners(
            brightness,
            most=int(_number(most, "most", 1, MOST_CORNERS)),
            quality=_number(quality, "quality", 0.001, 1),
            apart=_number(apart, "apart", 0, 1000),
        )
        return Places(**_size(brightness), found=found.tolist(), source=source)

    def lab_blobs(
        picture: str = PLAIN,
        file: FileData | None = None,
        smallest: float = 3,
        largest: float = 24,
        contrast: float = 12,
        dark: bool = False,
    ) -> Places:
        """Find round spots of a picture in scale space.

        Parameters
        ----------
        picture : str
            A picture of the dataset space-images by its name, such as lunar-surface, or of EuroSAT by its class.
        file : FileData, optional
            A picture to look at in place of it.
        smallest, largest : float
            Radii in pixels between which to look.
        contrast : float
            Least contrast in grey levels.
        dark : bool
            Dark spots in place of bright ones.

        Returns
        -------
        Places
            At most 500, the strongest first: x, y, radius and contrast.
        """
        brightness, source = seen(picture, file)
        found = imaging.blobs(
            brightness,
            smallest=_number(smallest, "smallest", 0.5, 200),
            largest=_number(largest, "largest", 0.5, 200),
            contrast=_number(contrast, "contrast", 0.5, 255),
            dark=bool(dark),
            most=MOST_LISTED,
        )
        return Places(**_size(brightness), found=found.tolist(), source=source)

    def lab_channels(picture: str = SCENE, file: FileData | None = None, space: str = LAB) -> Channels:
        """Tell how far the three channels of a picture say the same, in RGB or in CIELAB.

        Parameters
        ----------
        picture : str
            A picture of the dataset space-images by its name, or of EuroSAT by its class.
        file : FileData, optional
            A picture to look at in place of it.
        space : str
            The colour space, RGB or Lab.

        Returns
        -------
        Channels
            Means, correlations, and the mean of the absolute correlations.
        """
        path = _path(file)
        pixels = picture_choice.read(watch, picture, path, longest=views.LONGEST)
        values = imaging_channels.channels(pixels, space)
        return Channels(
            space=space,
            channels=imaging_channels.SPACES[space],
            means=values.reshape(-1, 3).mean(axis=0).tolist(),
            correlations=imaging_channels.correlations(values).tolist(),
            overlap=imaging_channels.overlap(values),
            source=picture_choice.origin(watch, picture, path),
        )

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
        brightness, source = seen(picture, file, picture_choice.LONGEST)
        count = imaging_galaxies.count(
            brightness,
            threshold=_number(threshold, "threshold", 1, 100),
            least=int(_number(least, "least", 1, 1000)),
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
            sentence=views.count_sentence(count),
            source=source,
        )

    def lab_template(
        picture: str = MOON,
        file: FileData | None = None,
        x: float = 0.5,
        y: float = 0.5,
        side: int = 72,
        scale: float = 1.2,
        angle: float = 30,
        noise: float = 10,
    ) -> TemplateFound:
        """Cut a template out of a picture, turn and scale the picture, and find the template on it.

        Parameters
        ----------
        picture : str
            A picture of the dataset space-images by its name, such as moon, or of EuroSAT by its class.
        file : FileData, optional
            A picture to look at in place of it.
        x, y : float
            Where the template's middle is, as shares of width and height.
        side : int
            Its side in pixels of the picture, scaled to 256 pixels; 56 to 120.
        scale, angle : float
            How the picture is then scaled, 0.7 to 1.4, and turned, in degrees counter-clockwise.
        noise : float
            Standard deviation of the noise that is added, in grey levels.

        Returns
        -------
        TemplateFound
            Where it was found, how scaled and turned, its score, and how far off in pixels.
        """
        brightness, source = seen(picture, file, views.LONGEST_TO_MATCH)
        trial = views.try_template(brightness, x=x, y=y, side=side, scale=scale, angle=angle, noise=noise)
        return TemplateFound(
            **{name: float(value) for name, value in vars(trial.match).items()},
            true_x=trial.wanted[0],
            true_y=trial.wanted[1],
            error_pixels=trial.error,
            source=source,
        )

    def lab_track(
        film: str = imaging_video.NEW, pilot: str = "heuristic", seed: int = 3, method: str = tracking.HULL
    ) -> LanderTrack:
        """Find the lander in each picture of a film of its flight, against where the simulator had it.

        Parameters
        ----------
        film : str
            "a new flight", or "the published replay" of a pilot that is a model on the Hub.
        pilot : str
            Who flies: an agent of the tab Lander, such as heuristic.
        seed : int
            That of a new flight.
        method : str
            "its pale hull alone" or "all that moved".

        Returns
        -------
        LanderTrack
            Both tracks, and the errors in pixels.
        """
        if method not in tracking.METHODS:
            raise SpaceHubError(
                f"There is no method {method!r}.", f"Use one of: {', '.join(tracking.METHODS)}."
            )
        found = imaging_video.track(watch, film, pilot, seed)
        away = found.away(method)
        known = away[~np.isnan(away)]
        return LanderTrack(
            pilot=found.who,
            seed=found.seed,
            outcome=found.outcome,
            method=method,
            pictures=len(found.truth),
            whole=int(found.whole.sum()),
            found=len(known),
            median_error_pixels=float(np.median(known)) if len(known) else None,
            rms_error_pixels=float(np.sqrt((known**2).mean())) if len(known) else None,
            largest_error_pixels=float(known.max()) if len(known) else None,
            track=[None if np.isnan(x) else [x, y] for x, y in found.tracks[method].place.tolist()],
            truth=found.truth.tolist(),
        )

    return [
        lab_edges,
        lab_regions,
        lab_corners,
        lab_blobs,
        lab_channels,
        lab_galaxies,
        lab_template,
        lab_track,
    ]


def _path(file: object) -> Path | None:
    return sent(file) if file else None


def _size(brightness: np.ndarray) -> dict[str, int]:
    return {"width": brightness.shape[1], "height": brightness.shape[0]}


def _number(value: object, name: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise SpaceHubError(f"The parameter {name} is {value!r}.", f"Give a number from {low:g} to {high:g}.")
    return value
