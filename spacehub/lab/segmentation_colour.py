"""The colours of an image's pixels as points: as stored, as perceived, or without brightness."""

import numpy as np

from spacehub.errors import SpaceHubError

RGB, LAB, CHROMATICITY = "RGB", "Lab", "chromaticity"
SPACES = (RGB, LAB, CHROMATICITY)

# sRGB's primaries to XYZ (IEC 61966-2-1, table 2's values in full) and its white, D65.
TO_XYZ = np.array(
    [
        [0.412453, 0.357580, 0.180423],
        [0.212671, 0.715160, 0.072169],
        [0.019334, 0.119193, 0.950227],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def cielab(rgb: np.ndarray) -> np.ndarray:
    """Convert sRGB colours (uint8 [..., 3]) to CIELAB (float [..., 3]).

    L* goes from 0 to 100, a* from green to red and b* from blue to yellow. The stored values are made linear
    (IEC 61966-2-1) and converted to XYZ; then the cube root of CIE 15:2004, 8.2.1, is applied.
    """
    value = np.arange(256) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = linear[rgb] @ (TO_XYZ.T / WHITE)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def chromaticity(rgb: np.ndarray) -> np.ndarray:
    """Return the fractions of red and blue in each colour (uint8 [..., 3]), times 255: float [..., 2].

    This removes brightness. Wyszecki and Stiles, Color Science, 1982, 3.2.2, with 1 added to the sum, so that the
    fractions are also defined for black.
    """
    total = 1.0 + rgb.sum(axis=-1, keepdims=True, dtype=float)
    return 255.0 * rgb[..., [0, 2]] / total


def colours(rgb: np.ndarray, space: str) -> np.ndarray:
    """Return colours, uint8 [..., 3], as points of one of `SPACES`, float [..., 3] or [..., 2].

    Raises
    ------
    SpaceHubError
        If there is no such space.
    """
    if space not in SPACES:
        raise SpaceHubError(f"Unknown colour space: {space!r}.", f"Choose one of: {', '.join(SPACES)}.")
    if space == LAB:
        return cielab(rgb)
    return chromaticity(rgb) if space == CHROMATICITY else rgb.astype(float)
