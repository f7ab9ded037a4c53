"""The image that an experiment analyses: from the datasets space-images and EuroSAT, or a visitor's own.

An endpoint declares two parameters for it, and passes both to `read` to get the pixels::

    def lab_edges(watch: Watch, picture: Picture = ROCKET, file: OwnPicture = None) -> Edges:
        pixels = read(watch, picture, file)

`provenance` describes the image's origin on the page, and `source` describes it for API clients.
"""

import functools
from pathlib import Path
from typing import Annotated

import numpy as np
from gradio import FileData
from PIL import Image

from space_app.html import render
from space_app.lab import provenance as datasets
from space_app.lab.provenance import Source
from space_app.parameters import Choice, File
from space_app.served import space_pictures
from space_app.served.satellite import DATASET
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import decode

# EuroSAT's classes; its repository holds an example of each.
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
LONGEST = 1024
# The default images, which every build of the space-images dataset contains.
DEEP_FIELD, PLAIN, ROCKET = "hubble-deep-field", "lunar-surface", "rocket"

Picture = Annotated[
    str,
    Choice(
        space_pictures.NAMES | {name: f"Sentinel-2: {words}" for name, words in EUROSAT.items()},
        listed=True,
        label="Image",
    ),
]
OwnPicture = Annotated[FileData, File(label="Or upload an image of your own")] | None


def read(watch: Watch, picture: str, file: str | None = None, *, longest: int = LONGEST) -> np.ndarray:
    """Return an image in RGB, uint8 [H, W, 3], read-only; scaled down if a side is longer than `longest`.

    Parameters
    ----------
    picture : str
        One of `Picture`.
    file : str, optional
        The path of a visitor's own image, which takes precedence.

    Raises
    ------
    SpaceHubError
        If the dataset is not published or does not contain the image, or the file is not a readable
        image.
    """
    return _shrunk(Path(file) if file else _path(watch, picture), longest)


def provenance(watch: Watch, picture: str, file: str | None = None) -> str:
    """Return the image's origin as HTML, or an empty string for a visitor's own image."""
    if file:
        return ""
    if picture in EUROSAT:
        return datasets.provenance(
            watch.ready(DATASET), simulated="The images were generated and do not show anything real."
        )
    status = watch.ready(space_pictures.KEY)
    loud = (
        "This image was generated, because the real image was not available. The image does not show anything "
        "real."
    )
    dataset = datasets.provenance(status, simulated=loud)
    return render("lab/picture.html", picture=status.served.find(picture)) + dataset


def source(watch: Watch, picture: str, file: str | None = None) -> Source | None:
    """Return the dataset that the image comes from, or None for a visitor's own image."""
    if file:
        return None
    return datasets.source(watch.ready(DATASET if picture in EUROSAT else space_pictures.KEY))


def metres_a_pixel(watch: Watch, picture: str, file: str | None = None) -> float | None:
    """Return a pixel's width on the ground in metres, if it is known."""
    if file:
        return None
    if picture in EUROSAT:
        return watch.ready(DATASET).served.metres_a_pixel
    return space_pictures.pictures(watch).find(picture).metres_a_pixel


def _path(watch: Watch, picture: str) -> Path:
    if picture not in EUROSAT:
        return space_pictures.pictures(watch).find(picture).path
    examples = watch.ready(DATASET).served.pictures
    chosen = next((example for example in examples if example.label == picture), None)
    if chosen is None:
        known = ", ".join(sorted({example.label for example in examples}))
        raise SpaceHubError(f"The dataset contains no example of {picture}.", f"Choose one of: {known}.")
    return chosen.path


@functools.lru_cache(maxsize=12)
def _shrunk(path: Path, longest: int) -> np.ndarray:
    if not path.is_file():
        raise SpaceHubError("The image no longer exists.", "Choose or upload it again.")
    picture = decode.as_rgb(decode.read(path))
    picture.thumbnail((longest, longest), Image.Resampling.BICUBIC)
    pixels = np.array(picture)
    pixels.flags.writeable = False
    return pixels
