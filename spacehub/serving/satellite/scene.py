"""Map a large scene tile by tile: the land use of each tile, and the area of each class."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from spacehub.errors import SpaceHubError
from spacehub.serving.satellite.decode import as_rgb
from spacehub.serving.satellite.doubts import BLANK, statistics
from spacehub.serving.satellite.predictor import SatellitePredictor
from spacehub.serving.words import plain, shorten

MOST_TILES = 30_000  # Sentinel-2's granule of 110 km has 29,584
# A smaller tile of the scene contains too little detail to be enlarged to the training size.
SMALLEST_TILE = 16
FINEST, COARSEST = 0.05, 1_000.0
BATCH = 16
NOTHING = -1
# A tile with a larger share of black shows the edge of the satellite's view, not land.
MOST_BLACK = 0.5
# Enough tiles to decide whether a scene resembles the training images.
DOUBTED = 300


@dataclass(frozen=True, kw_only=True)
class Grid:
    """How a scene of `width` by `height` pixels is cut into squares of `tile` pixels, possibly a fraction."""

    width: int
    height: int
    tile: float

    @property
    def columns(self) -> int:
        """The number of tiles in a row; the last tile shares pixels with its neighbour."""
        return self._count(self.width)

    @property
    def rows(self) -> int:
        """The number of rows of tiles."""
        return self._count(self.height)

    @property
    def cover(self) -> np.ndarray:
        """Pixels of the scene, float [rows, columns], that each tile represents; they add up to the whole scene."""
        return np.outer(self._spans(self.height), self._spans(self.width))

    def _count(self, length: int) -> int:
        # A single remaining pixel, caused by rounding, is not a tile.
        return max(1, math.ceil((length - 1) / self.tile))

    def _spans(self, length: int) -> np.ndarray:
        return np.diff([*(np.arange(self._count(length)) * self.tile), length])


@dataclass(frozen=True, kw_only=True)
class Area:
    """A class's area in a scene: its `share` of the visible area, and km² if the resolution is known."""

    name: str
    tiles: int
    share: float
    km2: float | None
    mean_chance: float | None


@dataclass(frozen=True, kw_only=True)
class LandUse:
    """A scene's classes: `labels` int [rows, columns], `NOTHING` where nothing was seen; and how sure they are.

    `doubted` is the share of tiles that are unlike the training images: see `doubted`.
    """

    grid: Grid
    classes: list[str]
    labels: np.ndarray
    sure: np.ndarray
    metres_a_pixel: float | None
    doubted: float

    @classmethod
    def of(
        cls,
        rows: list[np.ndarray],
        grid: Grid,
        classes: list[str],
        metres_a_pixel: float | None,
        doubted: float = 0.0,
    ):
        """Build the land use from the rows that `look` yielded and the result of `doubted`."""
        chances = np.stack(rows)
        seen = ~np.isnan(chances[..., 0])
        filled = np.where(seen[..., np.newaxis], chances, 0)
        return cls(
            grid=grid,
            classes=classes,
            labels=np.where(seen, filled.argmax(axis=2), NOTHING),
            sure=filled.max(axis=2),
            metres_a_pixel=metres_a_pixel,
            doubted=doubted,
        )

    @property
    def seen(self) -> float:
        """Share of the scene where something is visible."""
        return float(self.grid.cover[self.labels != NOTHING].sum() / self.grid.cover.sum())

    @property
    def areas(self) -> list[Area]:
        """All classes, the largest area first."""
        cover = self.grid.cover
        all_seen = float(cover[self.labels != NOTHING].sum())
        areas_ = []
        for place, name in enumerate(self.classes):
            mine = self.labels == place
            pixels = float(cover[mine].sum())
            known = self.metres_a_pixel
            areas_.append(
                Area(
                    name=name,
                    tiles=int(mine.sum()),
                    share=pixels / all_seen if all_seen else 0.0,
                    km2=pixels * known**2 / 1e6 if known else None,
                    mean_chance=float(self.sure[mine].mean()) if mine.any() else None,
                )
            )
        return sorted(areas_, key=lambda area: -area.share)


def resolution(given: object) -> float | None:
    """Return the width of a scene's pixel in metres, given as a number or its text; None if it is not given.

    Raises
    ------
    SpaceHubError
        If the resolution is not a number from `FINEST` to `COARSEST`.
    """
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    try:
        number = math.nan if isinstance(given, bool) else float(given)
    except (TypeError, ValueError):
        number = math.nan
    if not FINEST <= number <= COARSEST:
        raise SpaceHubError(
            f"The resolution {shorten(given)} is not valid.",
            f"Enter {plain(FINEST)} to {plain(COARSEST)} metres per pixel, or leave the field empty.",
        )
    return number


def grid(picture: Image.Image, *, metres: float, metres_a_pixel: float) -> Grid:
    """Cut a scene into tiles `metres` wide, as wide as an image of the model's data.

    Raises
    ------
    SpaceHubError
        If such a tile has only a few pixels or is larger than the scene, or there are too many tiles.
    """
    tile = metres / metres_a_pixel
    cut = Grid(width=picture.width, height=picture.height, tile=tile)
    ground = f"At {plain(metres_a_pixel)} m per pixel, a tile of {plain(metres)} m is"
    if tile < SMALLEST_TILE:
        raise SpaceHubError(
            f"{ground} {tile:.1f} pixels wide, which is too small to classify.",
            f"Send a scene with a resolution of {plain(metres / SMALLEST_TILE)} m per pixel or finer.",
        )
    if tile > min(picture.size):
        raise SpaceHubError(
            f"{ground} {tile:,.0f} pixels wide, but the scene is {picture.width:,} × {picture.height:,} pixels.",
            "Check the resolution, or send the scene as one image.",
        )
    if cut.rows * cut.columns > MOST_TILES:
        raise SpaceHubError(
            f"The scene has {cut.rows * cut.columns:,} tiles of {plain(metres)} m, but the limit is {MOST_TILES:,} tiles.",
            "Check the resolution, or crop the scene.",
        )
    return cut


def look(predictor: SatellitePredictor, picture: Image.Image, cut: Grid) -> Iterator[np.ndarray]:
    """Yield the probabilities of the tiles row by row from the top, float32 [columns, C]; NaN where nothing was seen.

    Only one row of tiles is in memory at a time, in addition to the image.
    """
    for row in range(cut.rows):
        tiles = _tiles(picture, cut, row, predictor.size)
        chances = np.full((cut.columns, len(predictor.classes)), np.nan, np.float32)
        seen = np.flatnonzero(_is_seen(tiles))
        for at in range(0, len(seen), BATCH):
            some = seen[at : at + BATCH]
            chances[some] = predictor.chances(tiles[some], quick=True)
        yield chances


def doubted(predictor: SatellitePredictor, picture: Image.Image, cut: Grid) -> float:
    """Return the share of tiles that raise a doubt, from about `DOUBTED` tiles in evenly spaced rows.

    0 if nothing is seen.

    A tile of one colour raises no doubt, because in a scene it is open water.
    """
    rows = np.unique(np.linspace(0, cut.rows - 1, max(1, DOUBTED // cut.columns)).round().astype(int))
    tiles = np.concatenate([_tiles(picture, cut, row, predictor.size) for row in rows])
    tiles = tiles[_is_seen(tiles)]
    some = tiles[:: max(1, len(tiles) // DOUBTED)]
    doubts_of_tiles = predictor.known.doubts(statistics(some)) if len(some) else []
    return sum(bool(set(kinds) - {BLANK}) for kinds in doubts_of_tiles) / max(len(doubts_of_tiles), 1)


def _is_seen(tiles: np.ndarray) -> np.ndarray:
    return (tiles.reshape(len(tiles), -1, 3).max(axis=2) == 0).mean(axis=1) <= MOST_BLACK


def _tiles(picture: Image.Image, cut: Grid, row: int, size: int) -> np.ndarray:
    """Return a row of tiles as the model takes them, uint8 [columns, size, size, 3].

    The last tiles are aligned with the scene's edge, so that each tile is whole.
    """
    top = min(row * cut.tile, cut.height - cut.tile)
    first, last = math.floor(top), math.ceil(top + cut.tile)
    strip = as_rgb(picture.crop((0, first, cut.width, last)))
    width = max(round(cut.width * size / cut.tile), size)
    if (strip.width, strip.height) != (width, size):
        box = (0, top - first, cut.width, min(top - first + cut.tile, strip.height))
        strip = strip.resize((width, size), Image.Resampling.BICUBIC, box=box)
    pixels = np.asarray(strip)
    lefts = np.minimum(np.arange(cut.columns) * size, width - size)
    return np.stack([pixels[:, left : left + size] for left in lefts])
