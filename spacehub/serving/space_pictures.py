"""Read the images of the space-images dataset from its ``pictures`` folder, without a Parquet reader."""

from dataclasses import dataclass
from pathlib import Path

from spacehub.errors import SpaceHubError, reason
from spacehub.serving import picture_files, stated
from spacehub.serving.words import shorten

FOLDER = "pictures"
FILES = ("build.json", f"{FOLDER}/*")
LONGEST_TEXT = 2_000  # characters
LARGEST, MOST = 8 * 2**20, 500  # bytes of the list, and images
METRES = (1e-3, 1e9)  # of a pixel


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The dataset's facts about an image; `metres_a_pixel` is None if it varies or is unknown."""

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
    """The images of one commit, by name.

    Parameters
    ----------
    listed : dict of str to Picture
        The facts about each image, by name.
    """

    def __init__(self, listed: dict[str, Picture]):
        self.listed = listed

    def find(self, name: str) -> Picture:
        """Return the facts about the image `name`.

        Raises
        ------
        SpaceHubError
            If no image has that name.
        """
        if not isinstance(name, str) or name not in self.listed:
            raise SpaceHubError(
                f"The image {shorten(name)} does not exist.", f"Use one of: {', '.join(self.listed)}."
            )
        return self.listed[name]


def load(folder: Path) -> Pictures:
    """Read the list of images in a folder of the dataset, without missing ones.

    Raises
    ------
    OSError, ValueError
        If the folder has no such list, or a file is not the image that the list describes.
    """
    record = stated.read(folder / FOLDER / "index.json", largest=LARGEST)
    fields = [name for name in Picture.__dataclass_fields__ if name != "path"]
    try:
        listed = [
            Picture(**{name: row[name] for name in fields}, path=folder / FOLDER / Path(row["file"]).name)
            for row in stated.listed(record.get("pictures"), "pictures", MOST)
        ]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{FOLDER}/index.json is not a list of images. {reason(error)}") from error
    listed = [picture for picture in listed if picture.path.is_file()]
    for picture in listed:
        _check(picture)
    return Pictures({picture.name: picture for picture in listed})


def _check(picture: Picture) -> None:
    """Check an image's facts, and its file's header against them; nothing is decoded."""
    texts = (picture.name, picture.title, picture.shows, picture.origin, picture.licence, picture.author)
    if not all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in texts):
        raise ValueError(
            f"Each description of {picture.path.name} in {FOLDER}/index.json must be a string of at most {LONGEST_TEXT:,} characters."
        )
    metres = picture.metres_a_pixel
    if metres is not None:
        stated.number(metres, f"metres_a_pixel of {picture.path.name} in {FOLDER}/index.json", *METRES)
    if picture_files.size(picture.path) != (picture.width, picture.height):
        raise ValueError(
            f"{picture.path.name} must have {picture.width} × {picture.height} pixels, as in {FOLDER}/index.json."
        )
