"""The picture that an experiment looks at: of the datasets space-images or EuroSAT, or a visitor's own.

A bench puts `choice()` and `upload()` among its controls, and `read(watch, name, file)` makes of their values the
pixels; `told(watch, name, file)` says as HTML where they come from. An endpoint's file goes through `own` first.
"""

import functools
from collections.abc import Sequence
from pathlib import Path

import gradio as gr
import numpy as np
from PIL import Image

from space_app.endpoints import sent
from space_app.lab import space_pictures
from space_app.lab.provenance import Source, provenance, source
from space_app.served.satellite import DATASET
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import decode
from spacehub.serving.words import shorten

# EuroSAT's classes, of each of which its repository holds a picture to try.
EUROSAT = {
    "AnnualCrop": "fields of a year's crop",
    "Forest": "forest",
    "HerbaceousVegetation": "grass and shrubs",
    "Highway": "a highway",
    "Industrial": "industry",
    "Pasture": "pasture",
    "PermanentCrop": "orchards or vines",
    "Residential": "houses",
    "River": "a river",
    "SeaLake": "sea or lake",
}
EUROSAT_CHOICES = [(f"Sentinel-2: {words}", name) for name, words in EUROSAT.items()]
CHOICES = [*space_pictures.CHOICES, *EUROSAT_CHOICES]
LONGEST = 1024
# What benches look at first: pictures of space-images that are there wherever the dataset is built.
DEEP_FIELD, PLAIN, ROCKET = "hubble-deep-field", "lunar-surface", "rocket"


def choice(first: str, choices: Sequence[tuple[str, str]] = CHOICES) -> gr.Dropdown:
    """Return the list to choose a picture from."""
    return gr.Dropdown(choices, value=first, label="Picture", filterable=False)


def upload() -> gr.File:
    """Return the place to drop a picture of one's own, which then stands in for the chosen one."""
    return gr.File(label="Or drop a picture of your own", height=140)


def own(file: object) -> Path | None:
    """Return where a visitor's own picture lies that an endpoint was sent; None where none was."""
    return sent(file) if file else None


def read(watch: Watch, name: str, file: str | Path | None = None, *, longest: int = LONGEST) -> np.ndarray:
    """Return a picture in RGB, uint8 [H, W, 3], not to be written to; scaled down where a side is above `longest`.

    Parameters
    ----------
    name : str
        One of `CHOICES`.
    file : str or Path, optional
        Where a visitor's own lies, which is read in place of it.

    Raises
    ------
    SpaceHubError
        When there is no such picture, its dataset is not there yet, or the file is not one that can be read.
    """
    return _shrunk(Path(file) if file else _path(watch, name), longest)


def told(watch: Watch, name: str, file: str | Path | None = None) -> str:
    """Tell as HTML where the picture comes from; nothing of a visitor's own."""
    if file:
        return ""
    if name in EUROSAT:
        return provenance(
            watch.ready(DATASET), simulated="Its pictures were generated, nothing on them was seen."
        )
    return space_pictures.provenance(watch.ready(space_pictures.KEY), name)


def origin(watch: Watch, name: str, file: str | Path | None = None) -> Source | None:
    """Tell a program which dataset the picture comes from; None for a visitor's own."""
    if file:
        return None
    return source(watch.ready(DATASET if name in EUROSAT else space_pictures.KEY))


def metres_a_pixel(watch: Watch, name: str, file: str | Path | None = None) -> float | None:
    """Return the width of a pixel on the ground, where it is known."""
    if file:
        return None
    if name in EUROSAT:
        return watch.ready(DATASET).served.metres_a_pixel
    return space_pictures.pictures(watch).find(name).metres_a_pixel


def _path(watch: Watch, name: str) -> Path:
    if name not in EUROSAT:
        if name not in space_pictures.NAMES:
            known = ", ".join(name for _, name in CHOICES)
            raise SpaceHubError(f"There is no picture named {shorten(name)}.", f"Use one of: {known}.")
        return space_pictures.pictures(watch).find(name).path
    examples = watch.ready(DATASET).served.pictures
    chosen = next((one for one in examples if one.label == name), None)
    if chosen is None:
        known = ", ".join(sorted({one.label for one in examples}))
        raise SpaceHubError(f"The dataset holds no example of {name}.", f"It has: {known}.")
    return chosen.path


@functools.lru_cache(maxsize=12)
def _shrunk(path: Path, longest: int) -> np.ndarray:
    if not path.is_file():
        raise SpaceHubError("The picture is no longer there.", "Choose or drop it again.")
    picture = decode.as_rgb(decode.read(path))
    picture.thumbnail((longest, longest), Image.Resampling.BICUBIC)
    pixels = np.array(picture)
    pixels.flags.writeable = False
    return pixels
