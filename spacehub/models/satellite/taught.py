"""Add images that visitors labelled to the training images, except images of a held-out split.

Each added image counts as `feedback.WEIGHT` images.
"""

import base64
import io

import numpy as np

from spacehub.models.feedback import WEIGHT, Feedback
from spacehub.models.satellite.pictures import Pictures

LARGEST = 512  # pixels a side


def add(
    shown: Pictures, rows: np.ndarray, feedback: Feedback, *, size: int
) -> tuple[np.ndarray, np.ndarray, int]:
    """Add the images that visitors labelled to the images at `rows`; return pixels uint8 [N, 3, size, size], labels [N] and the number added.

    Images that cannot be decoded, or that the dataset already contains, are left out.
    """
    known = {picture.tobytes() for picture in shown.pixels}
    pixels, labels = [], []
    for text, label in feedback.labels().items():
        picture = _decode(text, size)
        if label not in shown.names or picture is None or picture.tobytes() in known:
            continue
        pixels.append(picture)
        labels.append(shown.names.index(label))
    if not pixels:
        return shown.pixels[rows], shown.labels[rows], 0
    more = np.array(labels, shown.labels.dtype)
    taught = np.concatenate([shown.pixels[rows], np.repeat(pixels, WEIGHT, axis=0)])
    return taught, np.concatenate([shown.labels[rows], np.repeat(more, WEIGHT)]), len(more)


def _decode(text: str, size: int) -> np.ndarray | None:
    """Decode a PNG as uint8 [3, size, size]. Return None if it is invalid or larger than the app sends."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(base64.b64decode(text)), formats=["PNG"]) as picture:
            if max(picture.size) > LARGEST:
                return None
            picture = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError):  # SyntaxError: Pillow's for a broken PNG
        return None
    if picture.size != (size, size):
        picture = picture.resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(picture).transpose(2, 0, 1)
