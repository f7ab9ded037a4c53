"""Read a zip of images, one folder per class, into rows, each with a digest of its pixels."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pandas as pd

from spacehub.errors import SpaceHubError

ENDINGS = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}


def read(path: Path) -> pd.DataFrame:
    """Read the images of a zip, in the order of their names.

    Returns
    -------
    DataFrame
        ``image`` (``{"bytes", "path"}``, a TIFF as PNG, others unchanged), ``label`` (the class's name),
        ``file`` (its path in the zip), ``width`` and ``height`` in pixels, ``digest`` (sha256 of the size
        and the RGB pixels).

    Raises
    ------
    SpaceHubError
        If an image cannot be read.
    """
    with zipfile.ZipFile(path) as archive:
        return pd.DataFrame(_rows(archive, path))


def pixel_digest(picture) -> str:
    """Return the sha256 of a PIL image's size and RGB pixels, for any file format."""
    header = f"{picture.width}x{picture.height}:".encode()
    return hashlib.sha256(header + picture.convert("RGB").tobytes()).hexdigest()


def _rows(archive: zipfile.ZipFile, path: Path) -> Iterator[dict]:
    from PIL import Image, UnidentifiedImageError

    for name in sorted(archive.namelist()):
        place = PurePosixPath(name)
        if place.suffix.lower() not in ENDINGS or place.name.startswith("."):
            continue
        data = archive.read(name)
        try:
            picture = Image.open(io.BytesIO(data))
            digest = pixel_digest(picture)
        except (UnidentifiedImageError, OSError) as error:
            raise SpaceHubError(
                f"{name} in {path} is not an image: {error}.", "Download the archive again."
            ) from error
        if picture.format == "TIFF":  # browsers do not show it
            file = io.BytesIO()
            picture.convert("RGB").save(file, "PNG")
            data = file.getvalue()
            place = place.with_suffix(".png")
        yield {
            "image": {"bytes": data, "path": place.name},
            "label": place.parent.name,
            "file": name,
            "width": picture.width,
            "height": picture.height,
            "digest": digest,
        }
