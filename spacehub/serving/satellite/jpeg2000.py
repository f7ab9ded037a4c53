"""Read JPEG 2000, the format of Sentinel-2, at reduced resolution if the whole image takes too much memory."""

from pathlib import Path

from PIL import Image

from spacehub.errors import SpaceHubError

LARGEST = 11_000  # pixels per side; Sentinel-2's true-colour image has 10,980
# OpenJPEG uses four bytes per value, and PIL four per pixel: 0.6 GB for this size.
MOST_PIXELS = 6_000**2
HEAD, SIZE = 2**20, b"\xff\x4f\xff\x51"


def prepare(picture: Image.Image, path: Path) -> int:
    """Set an open, unloaded image to be read at one part in 1, 2 or 4 of its size; return which.

    Raises
    ------
    SpaceHubError
        If the values of the file have more than eight bits.
    """
    with open(path, "rb") as file:
        head = file.read(HEAD)
    at = head.find(SIZE)
    if at >= 0 and any((depth & 0x7F) >= 8 for depth in _depths(head, at)):
        raise SpaceHubError(
            "This JPEG 2000 file has more than eight bits per channel, as single Sentinel-2 bands do.",
            "Send the true-colour image (TCI_10m.jp2), or convert the file to eight bits: gdal_translate -of PNG -ot Byte "
            "-scale 0 2750 1 255 in.jp2 out.png",
        )
    reduced = 0
    while picture.width * picture.height > MOST_PIXELS << (2 * reduced):
        reduced += 1
    if reduced:
        picture.reduce = reduced
    return 2**reduced


def _depths(head: bytes, at: int) -> list[int]:
    """Return the depth minus one of each component, from the marker segment SIZ (ISO/IEC 15444-1, A.5.1)."""
    count = int.from_bytes(head[at + 40 : at + 42])
    return list(head[at + 42 : at + 42 + 3 * min(count, 4) : 3])
