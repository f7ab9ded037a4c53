"""Generate images with known content, for machines without the real images."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL import Image

SIDE = 480  # pixels
GALAXIES, CRATERS = 220, 60


def picture(name: str, seed: int) -> "tuple[Image.Image, str]":
    """Generate an image in place of `name`; return it, and its content."""
    from PIL import Image

    rng = np.random.default_rng([seed, *name.encode()])
    pixels, shows = _KINDS[name](rng)
    # Pixels that show nothing stay black.
    grain = rng.normal(0, 2, pixels.shape) * (pixels.sum(axis=2, keepdims=True) > 0)
    return Image.fromarray(np.clip(pixels + grain, 0, 255).round().astype("uint8")), shows


def _grid() -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of each pixel, from -1 to 1, y upwards."""
    line = np.linspace(-1, 1, SIDE)
    return np.meshgrid(line, -line)


def _near(place: np.ndarray, reach: float) -> tuple[slice, slice]:
    """Return the rows and columns within `reach` of a place, for objects that vanish beyond it."""
    column, row = ((SIDE - 1) * (1 + place * (1, -1)) / 2).astype(int)
    half = int(reach * SIDE / 2) + 2
    return slice(max(0, row - half), row + half), slice(max(0, column - half), column + half)


def _smooth(rng: np.random.Generator, waves: int, *, count: int = 24) -> np.ndarray:
    """Return a smooth random field of about unit size, float [SIDE, SIDE]: a sum of plane waves."""
    x, y = _grid()
    field = np.zeros((SIDE, SIDE))
    for _ in range(count):
        k, phase = rng.normal(0, waves, 2), rng.uniform(0, 2 * np.pi)
        field += np.cos(np.pi * (k[0] * x + k[1] * y) + phase)
    return field * np.sqrt(2 / count)


def _coast(rng: np.random.Generator) -> tuple[np.ndarray, str]:
    x, y = _grid()
    land = ((x + 0.25) / 0.28) ** 2 + (y / 0.7) ** 2 < 1 + 0.15 * _smooth(rng, 4)
    pixels = np.where((x < -0.1)[..., None], (15, 80, 110), (20, 25, 38)).astype(float)
    pixels[land] = (85, 95, 70)
    pixels[_smooth(rng, 9) > 1.9] = (245, 245, 245)
    turned = np.abs(x + 0.2 * y), np.abs(y - 0.2 * x)
    pixels[np.maximum(*turned) > 0.95] = 0
    share = (land & (np.maximum(*turned) <= 0.95)).sum() / (np.maximum(*turned) <= 0.95).sum()
    return (
        pixels,
        f"An island that covers {share:.1%} of the visible area, with clouds above it. The area outside is black.",
    )


def _disc(rng: np.random.Generator, low: tuple, high: tuple, waves: int) -> tuple[np.ndarray, str]:
    x, y = _grid()
    mix = np.clip(0.5 + 0.5 * _smooth(rng, waves), 0, 1)[..., None]
    pixels = np.array(low) * (1 - mix) + np.array(high) * mix
    pixels[np.hypot(x, y) > 0.8] = 0
    return pixels, f"A disc of {0.8 * (SIDE - 1):.0f} pixels in diameter, in the middle."


def _craters(rng: np.random.Generator) -> tuple[np.ndarray, str]:
    x, y = _grid()
    height = np.zeros((SIDE, SIDE))
    for radius in 0.015 * rng.uniform(0.05, 1, CRATERS) ** -0.6:
        place = rng.uniform(-0.95, 0.95, 2)
        near = _near(place, 6 * radius)
        away = np.hypot(x[near] - place[0], y[near] - place[1]) / radius
        # A bowl with a rim, like an impact crater.
        height[near] += radius * np.where(away < 1, away**2 - 0.7, 0.3 * np.exp(-2 * (away - 1)))
    slope = np.gradient(height, 2 / SIDE, axis=1)
    grey = 120 - 45 * slope  # lit from the left
    return np.repeat(grey[..., None], 3, axis=2), f"{CRATERS} craters, lit from the left."


def _pad(rng: np.random.Generator) -> tuple[np.ndarray, str]:
    x, y = _grid()
    pixels = np.stack([40 - 20 * y, 60 - 25 * y, 110 - 30 * y], axis=2)
    for middle in (-0.75, 0.75):
        lattice = (np.abs(x - middle) < 0.06) & (
            (np.abs((8 * y) % 1 - 0.5) < 0.08) | (np.abs(x - middle) > 0.05)
        )
        pixels[lattice] = (30, 28, 35)
    pixels[(np.abs(x) < 0.05) & (np.abs(y + 0.1) < 0.6)] = (225, 222, 215)
    pixels[(np.abs(x) < 0.05 * (0.65 - y) / 0.15) & (y >= 0.5) & (y < 0.65)] = (235, 235, 235)
    pixels[y < -0.75] = (60, 50, 45)
    return pixels, "A white rocket between two towers, in front of an evening sky."


def _galaxies(rng: np.random.Generator) -> tuple[np.ndarray, str]:
    x, y = _grid()
    pixels = np.full((SIDE, SIDE, 3), 8.0)
    for light in 12 * rng.uniform(0.03, 1, GALAXIES) ** -0.9:
        place, size = rng.uniform(-0.97, 0.97, 2), rng.uniform(0.005, 0.012)
        turn, flat = rng.uniform(0, np.pi), rng.uniform(0.5, 1)
        near = _near(place, 6 * size)
        dx, dy = x[near] - place[0], y[near] - place[1]
        along, across = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
        shape = np.exp(-((along / size) ** 2 + (across / (flat * size)) ** 2) / 2)
        pixels[near] += light * shape[..., None] * rng.uniform(0.7, 1, 3)
    return (
        pixels,
        f"{GALAXIES} galaxies, each a Gaussian blob. The faintest galaxies are hidden in the noise.",
    )


_KINDS = {
    "landsat-bahamas": _coast,
    "earth": lambda rng: _disc(rng, (20, 60, 130), (120, 130, 90), 3),
    "moon": lambda rng: _disc(rng, (90, 88, 86), (190, 188, 184), 2),
    "sun": lambda rng: _disc(rng, (90, 50, 0), (255, 190, 40), 5),
    "lunar-surface": _craters,
    "rocket": _pad,
    "hubble-deep-field": _galaxies,
}
