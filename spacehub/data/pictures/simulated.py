"""Generate images for machines without the real images: one texture per class, which a small network can learn."""

import io
import zlib

import numpy as np
import pandas as pd

from spacehub.data.pictures.archive import pixel_digest

SIZE = 64  # pixels
PICTURES_OF_A_CLASS = 30


def pictures(names: tuple[str, ...], *, seed: int) -> pd.DataFrame:
    """Generate images of each class in the columns of `archive.read`; they do not show any real land."""
    rows = []
    for name in names:
        look = np.random.default_rng([seed, zlib.crc32(name.encode())])
        colour, contrast = look.uniform(40, 200, (2, 3)), look.uniform(0.3, 1.0)
        waves, angle = look.integers(1, 9), look.uniform(0, np.pi)
        rng = np.random.default_rng([seed, zlib.crc32(name.encode()), 1])
        rows += [
            _row(name, n, _texture(rng, colour, contrast, waves, angle)) for n in range(PICTURES_OF_A_CLASS)
        ]
    return pd.DataFrame(rows)


def _texture(rng, colour: np.ndarray, contrast: float, waves: int, angle: float) -> np.ndarray:
    """Draw stripes of two colours, with a direction and number that vary around the class's own; uint8 [64, 64, 3]."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    turned = angle + rng.normal(0, 0.25)
    phase = waves * rng.uniform(0.8, 1.25) * (x * np.cos(turned) + y * np.sin(turned)) + rng.uniform()
    mix = 0.5 + 0.5 * contrast * np.sin(2 * np.pi * phase)[..., None]
    ground = colour[0] * mix + colour[1] * (1 - mix) + rng.normal(0, 12, (SIZE, SIZE, 3))
    return np.clip(ground * rng.uniform(0.85, 1.15), 0, 255).astype("uint8")


def _row(name: str, number: int, pixels: np.ndarray) -> dict:
    from PIL import Image

    picture, file = Image.fromarray(pixels), io.BytesIO()
    picture.save(file, "PNG")
    path = f"simulated_{name}_{number:02}.png"
    return {
        "image": {"bytes": file.getvalue(), "path": path},
        "label": name,
        "file": path,
        "width": SIZE,
        "height": SIZE,
        "digest": pixel_digest(picture),
    }
