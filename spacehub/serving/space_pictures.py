"""Read the pictures of the dataset space-images from its folder ``pictures``, without a parquet reader."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from spacehub.errors import SpaceHubError
from spacehub.serving.satellite.decode import as_rgb
from spacehub.serving.words import shorten

FOLDER = "pictures"
FILES = ("build.json", f"{FOLDER}/*")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The dataset's facts about a picture; `metres_a_pixel` is None if it varies or is unknown."""

    name: str
    title: str
    shows: str
    origin: str
    licence: str
    author: str
    width: int
    height: int
    metres_a_pixel: float | None
    path: Path


class Pictures:
    """The pictures of one commit, by name; a picture is decoded at its first use.

    Parameters
    ----------
    listed : dict of str to Picture
        The facts about each picture, by name.
    """

    def __init__(self, listed: dict[str, Picture]):
        self.listed = listed
        self._read = functools.lru_cache(maxsize=None)(_decode)

    def find(self, name: str) -> Picture:
        """Return the facts about the picture `name`.

        Raises
        ------
        SpaceHubError
            If no picture has that name.
        """
        if not isinstance(name, str) or name not in self.listed:
            raise SpaceHubError(
                f"The picture {shorten(name)} does not exist.", f"Use one of: {', '.join(self.listed)}."
            )
        return self.listed[name]

    def read(self, name: str) -> np.ndarray:
        """Return the picture `name` in RGB, uint8 [height, width, 3]; do not write to it.

        Raises
        ------
        SpaceHubError
            If no picture has that name.
        """
        return self._read(self.find(name).path)


def load(folder: Path) -> Pictures:
    """Read the list of pictures in a folder of the dataset, without missing ones.

    Raises
    ------
    OSError, ValueError
        If the folder has no such list.
    """
    record = json.loads((folder / FOLDER / "index.json").read_text(encoding="utf-8"))
    fields = [name for name in Picture.__dataclass_fields__ if name != "path"]
    try:
        listed = [
            Picture(**{name: row[name] for name in fields}, path=folder / FOLDER / Path(row["file"]).name)
            for row in record["pictures"]
        ]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{FOLDER}/index.json is not a list of pictures: {error}") from error
    return Pictures({picture.name: picture for picture in listed if picture.path.is_file()})


def _decode(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        pixels = np.array(as_rgb(picture))
    pixels.flags.writeable = False
    return pixels
