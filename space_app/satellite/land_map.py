"""Draw the land-use map of a scene: one colour per class, over the scene, as an image and a table to download."""

import colorsys
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image, ImageDraw, ImageFont

from space_app.satellite.words import spoken
from space_app.scratch import scratch
from spacehub.serving.satellite.decode import as_rgb
from spacehub.serving.satellite.scene import NOTHING, Area, LandUse
from spacehub.serving.words import percent

# The usual colours of maps: forests dark green, water blue, built-up areas red.
KNOWN = {
    "AnnualCrop": "#e6c229",
    "Forest": "#1b7837",
    "HerbaceousVegetation": "#a6d96a",
    "Highway": "#55566b",
    "Industrial": "#b2182b",
    "Pasture": "#5fc9a5",
    "PermanentCrop": "#b8792a",
    "Residential": "#f39aa5",
    "River": "#4fa3e0",
    "SeaLake": "#0b4a8f",
}
COVER = 0.6
LONGEST, LINE, MARGIN = 1_400, 30, 18


def colours(classes: list[str]) -> dict[str, str]:
    """Return a colour for each class: the usual map colour if there is one, otherwise evenly spaced hues."""
    others = [name for name in classes if name not in KNOWN]
    wheel = [colorsys.hls_to_rgb(k / max(len(others), 1), 0.5, 0.6) for k in range(len(others))]
    hexes = ["#" + "".join(f"{round(255 * part):02x}" for part in colour) for colour in wheel]
    return KNOWN | dict(zip(others, hexes, strict=True))


def tiles(land_use: LandUse) -> Image.Image:
    """Draw one pixel per tile, transparent where nothing is visible."""
    shades = colours(land_use.classes)
    palette = [(*_rgb(shades[name]), 255) for name in land_use.classes] + [(0, 0, 0, 0)]
    return Image.fromarray(
        np.array(palette, np.uint8)[np.where(land_use.labels == NOTHING, -1, land_use.labels)]
    )


def scaled(picture: Image.Image, longest: int) -> Image.Image:
    """Return a scene in RGB, at most `longest` pixels per side, without a second copy of the large scene."""
    share = min(1.0, longest / max(picture.size))
    size = max(1, round(picture.width * share)), max(1, round(picture.height * share))
    return as_rgb(picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0))


def draw(picture: Image.Image, land_use: LandUse) -> Image.Image:
    """Draw the map over the scene, with its legend and areas next to it."""
    ground = scaled(picture, LONGEST)
    share = ground.width / picture.width
    whole = (
        round(land_use.grid.columns * land_use.grid.tile * share),
        round(land_use.grid.rows * land_use.grid.tile * share),
    )
    film = tiles(land_use).resize(whole, Image.Resampling.NEAREST).crop((0, 0, *ground.size))
    film.putalpha(film.getchannel("A").point(lambda alpha: round(COVER * alpha)))
    ground.paste(film, mask=film.getchannel("A"))
    words = [_legend(area) for area in land_use.areas if area.tiles]
    if land_use.metres_a_pixel:
        words.append(f"{land_use.metres_a_pixel:.4g} m per pixel")
    font = ImageFont.load_default(17)
    wide = 2 * MARGIN + 30 + round(max(map(font.getlength, words), default=0))
    high = max(ground.height, 2 * MARGIN + LINE * len(words))
    sheet = Image.new("RGB", (ground.width + wide, high), "white")
    sheet.paste(ground)
    pen, left = ImageDraw.Draw(sheet), ground.width + MARGIN
    for line, text in enumerate(words):
        pen.text((left + 30, MARGIN + LINE * line), text, fill="#121829", font=font)
    for line, area in enumerate(area for area in land_use.areas if area.tiles):
        top = MARGIN + LINE * line
        pen.rectangle((left, top, left + 20, top + 20), fill=colours(land_use.classes)[area.name])
    return sheet


def save(picture: Image.Image, land_use: LandUse) -> tuple[Path, Path]:
    """Write the map as PNG and the areas as CSV into a folder that the server may send from."""
    folder = scratch()
    map_path, table_path = folder / "land_use.png", folder / "land_use.csv"
    draw(picture, land_use).save(map_path)
    table(land_use).to_csv(table_path, index=False)
    return map_path, table_path


def table(land_use: LandUse) -> pd.DataFrame:
    """Return the areas, one row per class, the largest first; without a km² column if the resolution is not known."""
    rows = pd.DataFrame(
        {
            "class": area.name,
            "tiles": area.tiles,
            "percent": round(100 * area.share, 3),
            "km2": area.km2 and round(area.km2, 4),
            "mean_chance": area.mean_chance and round(area.mean_chance, 4),
        }
        for area in land_use.areas
    )
    return rows if land_use.metres_a_pixel else rows.drop(columns="km2")


def _legend(area: Area) -> str:
    # PIL's own font has no superscript 2.
    size = f", {area.km2:,.1f} sq km" if area.km2 is not None else ""
    return f"{spoken(area.name)}  {percent(area.share)}{size}"


def _rgb(colour: str) -> tuple[int, int, int]:
    return tuple(bytes.fromhex(colour[1:]))
