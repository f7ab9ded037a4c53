"""Encode images for the page as data URIs, and draw class activation maps over them."""

import base64
import io

import numpy as np
from PIL import Image

FOR, AGAINST = (240, 122, 40), (60, 110, 240)
STRONGEST = 0.72  # at full opacity
SIDE = 192


def activation(values: np.ndarray, *, largest: float, side: int = SIDE) -> Image.Image:
    """Draw how much each place added to a class, float [h, w], as a translucent layer over the image.

    Orange supports the class and blue opposes it; stronger colour means a larger contribution, and
    `largest` is full strength.
    """
    smooth = Image.fromarray(values.astype(np.float32)).resize((side, side), Image.Resampling.BICUBIC)
    weight = np.clip(np.asarray(smooth) / max(largest, 1e-9), -1, 1)
    layer = np.empty((side, side, 4), np.uint8)
    layer[..., :3] = np.array([AGAINST, FOR], np.uint8)[(weight > 0).astype(np.uint8)]
    layer[..., 3] = 255 * STRONGEST * np.abs(weight)
    return Image.fromarray(layer)


def over(pixels: np.ndarray, film: Image.Image) -> Image.Image:
    """Return an image, uint8 [S, S, 3], under such a layer."""
    ground = Image.fromarray(pixels).resize(film.size, Image.Resampling.BICUBIC).convert("RGBA")
    return Image.alpha_composite(ground, film).convert("RGB")


def data_address(picture: Image.Image, kind: str = "PNG") -> str:
    """Return an image as a data URI."""
    file = io.BytesIO()
    picture.save(file, kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(file.getvalue()).decode()}"
