"""Map scenes in the processes of `space_app.workers`; a job gets the model as the folder of its files."""

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from space_app.satellite import land_map, scene_view
from space_app.satellite.survey import mosaic, survey
from space_app.served.satellite import DATASET, KEY
from space_app.served.satellite_pictures import Examples
from space_app.watch import Status, Watch
from space_app.workers import HEAVY
from spacehub.serving.satellite import decode
from spacehub.serving.satellite.predictor import SatellitePredictor
from spacehub.serving.satellite.scene import LandUse

Mapped = tuple[LandUse, str, Path, Path, str]


async def map_scene(
    watch: Watch,
    file: Path | None,
    metres_a_pixel: object,
    progress: Callable[[int, int], None] | None = None,
) -> Mapped:
    """Map the scene in a file, or a mosaic of the example images.

    Returns
    -------
    tuple
        The land use, how the file was read, the paths of the map and the table, and HTML that shows both.
    """
    status, examples = watch.ready(KEY), watch.ready(DATASET).served
    answering = replace(status, served=None, facts={})
    return await HEAVY.run(_map, answering, examples, file, metres_a_pixel, progress=progress)


@functools.lru_cache(maxsize=2)
def _predictor(folder: Path) -> SatellitePredictor:
    return SatellitePredictor(folder)


def _map(
    status: Status,
    examples: Examples,
    file: Path | None,
    metres_a_pixel: object,
    progress: Callable[[int, int], None],
) -> Mapped:
    picture = decode.read(file) if file else mosaic(examples)
    metres = metres_a_pixel if file else examples.metres_a_pixel
    found = survey(_predictor(status.folder), examples, picture, metres, progress)
    map_path, table_path = land_map.save(picture, found)
    html = scene_view.land_use(picture, found, status)
    return found, picture.info.get("read_as", ""), map_path, table_path, html
