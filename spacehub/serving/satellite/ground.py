"""Read the width of a pixel on the ground from GeoTIFF and JPEG 2000 files (OGC GeoTIFF 1.1, GMLJP2, GeoJP2)."""

import io
import math
import re
from pathlib import Path

from spacehub.serving.satellite import tiff_tags
from spacehub.serving.satellite.tiff_tags import Tags

SCALE, TIEPOINT, MATRIX, KEYS = 33550, 33922, 34264, 34735
MODEL, CRS, UNIT = 1024, 3072, 3076
PROJECTED, GEOGRAPHIC, WEB_MERCATOR = 1, 2, 3857
METRES = {9001: 1.0, 9002: 0.3048, 9003: 1200 / 3937}
EARTH = 6_378_137.0  # m, the equator's radius
DEGREE = math.pi * EARTH / 180
GEO_UUID = bytes.fromhex("b14bf8bd083d4b43a5ae8cd7d5a6ce03")
BOXES = 2**20  # bytes at the start of a JPEG 2000 file that contain its metadata boxes
OFFSETS = re.compile(rb"offsetVector[^>]*>\s*(-?[\d.eE+]+)[ ,]+(-?[\d.eE+]+)\s*<")
DEGREES = re.compile(rb"EPSG(?:/0/|::|:)(?:4326|4258|4269)\b")


def of_tiff(tags: Tags, height: int) -> float | None:
    """Return the width of a GeoTIFF's pixel in metres, the root of its area; None if the file does not state it."""
    keys = tags.counts(KEYS)
    stated = {keys[at]: keys[at + 3] for at in range(4, len(keys) - 3, 4) if keys[at + 1] == 0}
    scale, matrix, tie = tags.numbers(SCALE), tags.numbers(MATRIX), tags.numbers(TIEPOINT)
    if len(scale) >= 2:
        across, down = abs(scale[0]), abs(scale[1])
        middle = tie[4] - (height / 2 - tie[1]) * down if len(tie) >= 6 else 0.0
    elif len(matrix) == 16:
        across, down = math.hypot(matrix[0], matrix[4]), math.hypot(matrix[1], matrix[5])
        middle = matrix[7] + matrix[5] * height / 2
    else:
        return None
    width = math.sqrt(across * down)
    if stated.get(MODEL) == GEOGRAPHIC:
        return _sound(width * DEGREE * math.sqrt(max(math.cos(math.radians(middle)), 0.0)))
    if stated.get(CRS) == WEB_MERCATOR:  # the projection enlarges areas towards the poles
        return _sound(width / math.cosh(middle / EARTH)) if abs(middle) < 10 * EARTH else None
    if stated.get(MODEL) == PROJECTED:
        return _sound(width * METRES.get(stated.get(UNIT, 9001), math.nan))
    return None


def of_jpeg2000(path: Path, height: int) -> float | None:
    """Return the width of a JPEG 2000 file's pixel in metres; None if the file does not state it."""
    with open(path, "rb") as file:
        head = file.read(BOXES)
    at = head.find(GEO_UUID)
    if at >= 0:
        try:
            metres = of_tiff(tiff_tags.read(io.BytesIO(head[at + len(GEO_UUID) :])), height)
        except ValueError:
            metres = None
        if metres:
            return metres
    vectors = [tuple(map(_number, pair)) for pair in OFFSETS.findall(head)[:2]]
    if len(vectors) == 2 and not DEGREES.search(head):
        return _sound(math.sqrt(math.hypot(*vectors[0]) * math.hypot(*vectors[1])))
    return None


def _number(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _sound(metres: float) -> float | None:
    return metres if math.isfinite(metres) and metres > 0 else None
