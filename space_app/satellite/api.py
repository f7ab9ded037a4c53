"""The endpoints of the Satellite tab, for programs."""

import zlib
from pathlib import Path
from typing import Annotated, TypedDict

from gradio import FileData

from space_app.monitoring import drift
from space_app.parameters import File, Number, Text
from space_app.satellite import scene_jobs, view, words
from space_app.satellite.overlay import activation, over
from space_app.scratch import scratch
from space_app.served.satellite import KEY
from space_app.watch import Status, Watch
from space_app.workers import HEAVY_QUEUE, MODEL_QUEUE
from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import decode
from spacehub.serving.satellite.predictor import Seen
from spacehub.serving.words import shorten

FORMATS = "AVIF, BMP, GIF, HEIC, JPEG, JPEG 2000, PNG, TIFF or WebP"


class Trust(TypedDict):
    """Of `n` test images with a similar confidence, the fraction `right` that the model classified correctly.

    `sure` is the mean confidence, `low` to `high` the interval.
    """

    n: int
    sure: float
    right: float
    low: float
    high: float
    sentence: str


class LandUse(TypedDict):
    """An image's class probabilities, the highest first, and how reliable they are.

    `doubts` explain why the answer may mean little; `trust` is then absent. `read_as` says how the bands
    and values of a satellite file became an image.
    """

    label: str
    chances: dict[str, float]
    trust: Trust | None
    doubts: list[str]
    read_as: str
    model: str
    commit: str
    simulated: bool


class Classified(LandUse):
    """The classification with a class activation map.

    `map` says how much each place added to the class `map_of` beyond the average over classes, in units of its
    logit, with rows from the top. `overlay` is a PNG of the map over the image.
    """

    map_of: str
    map: list[list[float]]
    overlay: FileData


class AreaOfClass(TypedDict):
    """A class's area in a scene: its `share` of the visible area, and `km2` if the resolution was given."""

    name: str
    tiles: int
    share: float
    km2: float | None
    mean_chance: float | None


class LandUseOfScene(TypedDict):
    """The land use of a scene: areas, the largest first, and each tile's class as an index into `classes`.

    `tiles` has rows from the top, and -1 where nothing is visible. `tile_px` is a tile's width in the scene,
    and `seen` is the share of the scene that is not black. `metres_a_pixel` is the resolution of the image as
    read, if known. `read_as` says how the bands and values of a satellite file became an image. `doubts`
    explain in sentences why the map may mean little. `map` is a PNG, `table` the areas as CSV.
    """

    areas: list[AreaOfClass]
    classes: list[str]
    tiles: list[list[int]]
    tile_px: float
    seen: float
    metres_a_pixel: float | None
    read_as: str
    doubts: list[str]
    map: FileData
    table: FileData
    model: str
    commit: str
    simulated: bool


def classify_picture(
    watch: Watch,
    file: Annotated[
        FileData,
        File(
            label="Aerial image",
            help=f"{FORMATS}, 16 to 8,000 pixels per side (JPEG 2000: 11,000), at most 160 MB.",
        ),
    ],
    map_of: Annotated[
        str | None,
        Text(
            80,
            label="Class of the map",
            help="The class for which to return the activation map. Default: the most likely class.",
        ),
    ] = None,
) -> Classified:
    """Classify the land use that an aerial image shows.

    The model reads the middle square of the image, scaled to its input size. The model predicts one of its
    classes for any image.

    Returns
    -------
    Classified
        The label and the calibrated probabilities of all classes; the accuracy on test images with a
        similar confidence, or reasons to doubt the answer; the activation map; and that map over the
        image, as PNG.
    """
    picture, status = decode.read(Path(file)), watch.ready(KEY)
    classes, seen = status.served.classes, status.served.classify(picture)
    chosen = _chosen(map_of, classes, seen)
    path = scratch() / "activation_map.png"
    overlay = over(seen.pixels, activation(seen.maps[chosen], largest=view.largest(seen)))
    # Four times as fast as the usual level, for a file of the same size.
    overlay.save(path, compress_level=1, compress_type=zlib.Z_HUFFMAN_ONLY)
    return Classified(
        **land_use(seen, status),
        map_of=classes[chosen],
        map=seen.maps[chosen].tolist(),
        overlay=FileData(path=str(path)),
    )


def land_use(seen: Seen, status: Status) -> LandUse:
    """Return the answer for a program, and count it for drift."""
    classes, order = status.served.classes, seen.order
    chance = float(seen.chances[order[0]])
    drift.observe(status, seen.features | {drift.ANSWER: chance}, doubted=bool(seen.doubts))
    status.offer(seen.pixels, classes[order[0]])
    found = status.served.trust(chance)
    return LandUse(
        label=classes[order[0]],
        chances={classes[k]: float(seen.chances[k]) for k in order},
        trust=None if seen.doubts else Trust(**vars(found), sentence=view.trust(found)),
        doubts=words.doubts(seen, status.served.known.side),
        read_as=seen.read_as,
        model=status.entry.repo_id,
        commit=status.commit,
        simulated=status.simulated,
    )


async def map_scene(
    watch: Watch,
    file: Annotated[
        FileData,
        File(label="Scene", help=f"{FORMATS}, at most 8,000 pixels per side (JPEG 2000: 11,000) and 160 MB."),
    ],
    metres_a_pixel: Annotated[
        float | None,
        Number(
            0.05,
            1000,
            label="Resolution",
            unit="m per pixel",
            help="Default: the file's own resolution or, if the file does not state one, 10 m per pixel, as in the dataset.",
        ),
    ] = None,
) -> LandUseOfScene:
    """Map the land use of a large scene, tile by tile.

    A tile is as wide on the ground as the training images. Each tile gets its most likely class.

    Returns
    -------
    LandUseOfScene
        Each class's share of the visible area, its area in km² if the resolution is known, each tile's
        class, the map as PNG and the areas as CSV.
    """
    status = watch.ready(KEY)
    land_use_, read_as, map_path, table_path, _ = await scene_jobs.map_scene(
        watch, Path(file), metres_a_pixel
    )
    return LandUseOfScene(
        areas=[AreaOfClass(**vars(area)) for area in land_use_.areas],
        classes=land_use_.classes,
        tiles=land_use_.labels.tolist(),
        tile_px=land_use_.grid.tile,
        seen=land_use_.seen,
        metres_a_pixel=land_use_.metres_a_pixel,
        read_as=read_as,
        doubts=words.scene_doubts(land_use_),
        map=FileData(path=str(map_path)),
        table=FileData(path=str(table_path)),
        model=status.entry.repo_id,
        commit=status.commit,
        simulated=status.simulated,
    )


# The queue that each endpoint waits in.
ENDPOINTS = {classify_picture: MODEL_QUEUE, map_scene: HEAVY_QUEUE}


def _chosen(name: object, classes: list[str], seen: Seen) -> int:
    if not name:
        return seen.order[0]
    if name not in classes:
        raise SpaceHubError(
            f"The class {shorten(name)} does not exist.", f"Use one of: {', '.join(classes)}."
        )
    return classes.index(name)
