"""Render a scene for the Satellite tab: the map over it, and the area of each class."""

from PIL import Image

from space_app.html import render
from space_app.satellite.land_map import colours, scaled, tiles
from space_app.satellite.overlay import data_address
from space_app.satellite.words import scene_doubts, sentence_case, spoken
from space_app.watch import Status
from spacehub.serving.satellite.scene import LandUse
from spacehub.serving.words import plain

LONGEST = 760  # pixels
WHOLE = 0.999


def land_use(picture: Image.Image, scene_use: LandUse, status: Status) -> str:
    """Draw the map over the scene, with the areas as its legend."""
    grid, inks = scene_use.grid, colours(scene_use.classes)
    areas = [
        {
            "name": spoken(area.name),
            "colour": inks[area.name],
            "share": area.share,
            "km2": plain(round(area.km2, 2)) if area.km2 is not None else "",
            "mean_chance": area.mean_chance,
        }
        for area in scene_use.areas
        if area.tiles
    ]
    return render(
        "satellite/scene.html",
        scene=data_address(scaled(picture, LONGEST), "JPEG"),
        map=data_address(tiles(scene_use)),
        grid=grid,
        wide=100 * grid.columns * grid.tile / grid.width,
        high=100 * grid.rows * grid.tile / grid.height,
        areas=areas,
        has_size=bool(scene_use.metres_a_pixel),
        doubts=scene_doubts(scene_use),
        read_as=_read_as(picture, scene_use),
        unseen=0 if scene_use.seen > WHOLE else 1 - scene_use.seen,
        status=status,
    )


def _read_as(picture: Image.Image, scene_use: LandUse) -> str:
    """Explain how the file became an image, and its resolution."""
    text = picture.info.get("read_as", "")
    if scene_use.metres_a_pixel:
        text += f" {plain(round(scene_use.metres_a_pixel, 2))} m per pixel."
    return sentence_case(text.strip())
