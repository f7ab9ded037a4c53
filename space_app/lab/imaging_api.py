"""The endpoints of Imaging on what is found on a picture: edges, regions, corners and round spots."""

from collections.abc import Callable, Sequence
from typing import TypedDict

from gradio import FileData

from space_app.lab import imaging_views as views
from space_app.lab.picture_choice import DEEP_FIELD, PLAIN, ROCKET
from space_app.lab.provenance import Source
from space_app.watch import Watch
from spacehub.lab import imaging

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


def endpoints(watch: Watch) -> Sequence[Callable]:
    """Return the endpoints over the pictures that `watch` has pulled."""

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
        brightness, source = views.given(watch, picture, file)
        blur, low, high = (
            views.number(blur, "blur", 0, 20),
            views.number(low, "low", 0, 255),
            views.number(high, "high", 0, 255),
        )
        found = imaging.edges(brightness, sigma=blur, low=low, high=high)
        count = int(found.sum())
        return Edges(**views.size(brightness), edge_pixels=count, share=count / found.size, source=source)

    def lab_regions(
        picture: str = DEEP_FIELD,
        file: FileData | None = None,
        level: float | None = None,
        smallest: float = 30,
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
        brightness, source = views.given(watch, picture, file)
        level = imaging.otsu(brightness) if level is None else views.number(level, "level", 0, 255)
        smallest = views.number(smallest, "smallest", 1, 1e7)
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
        return Regions(**views.size(brightness), level=level, regions=listed, source=source)

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
        brightness, source = views.given(watch, picture, file)
        found = imaging.corners(
            brightness,
            most=int(views.number(most, "most", 1, MOST_CORNERS)),
            quality=views.number(quality, "quality", 0.001, 1),
            apart=views.number(apart, "apart", 0, 1000),
        )
        return Places(**views.size(brightness), found=found.tolist(), source=source)

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
        brightness, source = views.given(watch, picture, file)
        found = imaging.blobs(
            brightness,
            smallest=views.number(smallest, "smallest", 0.5, 200),
            largest=views.number(largest, "largest", 0.5, 200),
            contrast=views.number(contrast, "contrast", 0.5, 255),
            dark=bool(dark),
            most=MOST_LISTED,
        )
        return Places(**views.size(brightness), found=found.tolist(), source=source)

    return [lab_edges, lab_regions, lab_corners, lab_blobs]
