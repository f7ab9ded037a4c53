"""The coastlines of the Earth, for maps that load nothing from another server.

``coastline.csv`` contains longitudes and latitudes in degrees, rounded to 0.01; a blank line ends a coast. The
source is Natural Earth's land at 1:110 million (4.1, public domain), without the edges of the map, as in
world-atlas 2.0.2.
"""

from functools import cache
from pathlib import Path

import numpy as np


@cache
def coastline() -> tuple[np.ndarray, np.ndarray]:
    """Return longitudes and latitudes in degrees (east and north are positive); NaN ends a coast."""
    lines = Path(__file__).with_suffix(".csv").read_text(encoding="utf-8").splitlines()
    points = np.array([line.split(",") if line else ("nan", "nan") for line in lines], dtype=np.float32)
    return points[:, 0], points[:, 1]
