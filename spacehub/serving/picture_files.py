"""Check the image files of a dataset by their headers, before the app shows or decodes them."""

from pathlib import Path

from PIL import Image

from spacehub.errors import reason

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 16_000_000  # 48 MB once decoded


def size(path: Path) -> tuple[int, int]:
    """Return the width and height that an image's header states; nothing is decoded.

    Raises
    ------
    ValueError
        If the file is not an image of `FORMATS`, or has more than `MOST_PIXELS`.
    """
    try:
        with Image.open(path, formats=FORMATS) as picture:
            width, height = picture.size
    except Exception as error:  # Pillow raises many kinds
        raise ValueError(f"{path.name} is not an image. {reason(error)}") from error
    if width * height > MOST_PIXELS:
        raise ValueError(
            f"{path.name} has {width:,} × {height:,} pixels, but the limit is {MOST_PIXELS:,} pixels in total."
        )
    return width, height
