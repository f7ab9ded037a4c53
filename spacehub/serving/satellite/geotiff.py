"""Convert a satellite raster in TIFF to an image in RGB: many bands, 16 bits or fractions, any band layout.

Three bands of reflectance become eight bits by the stretch that made EuroSAT's colour images: 0 to
0.275 (0 to 2,750 if reflectance is stored times 10,000) becomes 1 to 255. Its authors used
``gdal_translate -scale 0 2750 1 255``. Eight-bit values stay unchanged. Pixels without a value become 0, black:
nothing seen.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import segments, tiff_tags
from spacehub.serving.satellite.segments import Layout
from spacehub.serving.satellite.tiff_tags import Tags
from spacehub.serving.words import plain

NODATA, METADATA = 42113, 42112
RGB = 2
MOST_BYTES = 2**30  # decoded, over all bands that are needed
SAMPLED = 16  # segments that show how a file writes reflectance
WHITE = 0.275
AT_ONCE = 128  # rows that are stretched
SENTINEL_2 = {12, 13}  # bands of its levels 2A and 1C, in order
NAMES = {"red": ("red", "b4", "b04"), "green": ("green", "b3", "b03"), "blue": ("blue", "b2", "b02")}
DESCRIPTION = re.compile(r'<Item name="DESCRIPTION" sample="(\d{1,3})"[^>]*>([^<]{1,80})<')


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """How values become eight bits: 0 becomes 1 and `white` 255; `nodata` is black.

    Without `white`, values stay unchanged.
    """

    white: float | None
    nodata: float | None

    def seen(self, values: np.ndarray) -> np.ndarray:
        """Return which pixels have a value, bool [..., 3] to bool [...]."""
        some = np.isfinite(values) if values.dtype.kind == "f" else np.ones(values.shape, bool)
        if self.nodata is not None and not math.isnan(self.nodata):
            some &= values != self.nodata
        return some.all(axis=-1) & (np.where(some, values, 0) != 0).any(axis=-1)

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Return values [..., 3] as uint8; a pixel with a value is at least 1."""
        seen = self.seen(values)[..., np.newaxis]
        if self.white is None:
            return np.where(seen, values, 0).astype(np.uint8)
        with np.errstate(invalid="ignore"):
            scaled = np.rint(values.astype(np.float32) * np.float32(254 / self.white) + 1)
            return np.where(seen, np.clip(np.nan_to_num(scaled), 1, 255), 0).astype(np.uint8)


def read(path: Path) -> Image.Image:
    """Return a raster as an image in RGB (L for one band of eight bits), with ``info["read_as"]`` in words.

    Raises
    ------
    SpaceHubError
        If the raster is damaged, or of an unsupported kind; the error has the command that converts it.
    """
    with open(path, "rb") as file:
        try:
            tags = tiff_tags.read(file)
            layout = segments.layout(tags)
            kind = described(layout)
            chosen, as_what = bands(tags, layout)
            _affordable(layout, chosen, kind)
            stretch, scaled = _stretch(file, tags, layout, chosen, kind)
            pixels = np.zeros((layout.height, layout.width, len(chosen)), np.uint8)
            for (top, left), values in segments.decode(file, layout, chosen):
                for at in range(0, len(values), AT_ONCE):
                    part = stretch.apply(values[at : at + AT_ONCE])
                    pixels[top + at : top + at + len(part), left : left + part.shape[1]] = part
        except segments.CodecError as error:
            raise SpaceHubError(
                f"The file is a TIFF with {error}, which is not supported.",
                f"Convert the file: gdal_translate {error.options} in.tif out.tif",
            ) from error
        except (ValueError, OSError, OverflowError) as error:
            raise SpaceHubError(
                "The image is damaged or truncated.", "Save or download the image again."
            ) from error
    picture = Image.fromarray(pixels if len(chosen) == 3 else pixels[..., 0])
    picture.info["read_as"] = f"{kind}: {as_what}{scaled}."
    return picture


def described(layout: Layout) -> str:
    """Describe a raster: ``a TIFF of 13 bands with 16 bits each``."""
    form = {"u": "", "i": " (signed)", "f": " (floating point)"}[layout.dtype.kind]
    bits = 8 * layout.dtype.itemsize
    several = (
        f"{layout.samples} bands with {bits} bits each" if layout.samples > 1 else f"one band of {bits} bits"
    )
    return f"a TIFF of {several}{form}"


def bands(tags: Tags, layout: Layout) -> tuple[list[int], str]:
    """Return which bands to use for red, green and blue, counted from 0, and a description.

    They are the bands that the file names red, green and blue, or B4, B3, B2; otherwise the first three
    of an RGB file, or of three or four bands; otherwise bands 4, 3, 2 of the 12 or 13 of Sentinel-2.

    Raises
    ------
    SpaceHubError
        If nothing identifies them.
    """
    named = {
        text.strip().casefold(): int(at) for at, text in DESCRIPTION.findall(tags.text(METADATA)[: 2**16])
    }
    places = [next((named[name] for name in names if name in named), -1) for names in NAMES.values()]
    if min(places) >= 0 and max(places) < layout.samples:
        return places, _spoken(places, "as named in the file")
    if layout.samples in SENTINEL_2:
        return [3, 2, 1], _spoken([3, 2, 1], "as in Sentinel-2")
    if layout.samples in (3, 4) or (layout.photometric == RGB and layout.samples > 2):
        return [0, 1, 2], _spoken([0, 1, 2], "the first three")
    if layout.samples <= 2 and layout.dtype.itemsize == 1:
        return [0], "read as grey"
    kind = described(layout)
    if layout.samples <= 2:
        raise SpaceHubError(
            f"The file is {kind}. It has more than eight bits per channel and no colour bands. It may contain elevation data, a radar image or a single satellite band.",
            "Send a true-colour image, or combine three bands: gdalbuildvrt -separate rgb.vrt red.tif green.tif "
            "blue.tif && gdal_translate rgb.vrt out.tif",
        )
    raise SpaceHubError(
        f"The file is {kind}, but does not say which bands are red, green and blue.",
        "Select them with: gdal_translate -b RED -b GREEN -b BLUE in.tif out.tif. Replace RED, GREEN and BLUE with the band numbers "
        "(for PlanetScope's eight bands, -b 6 -b 4 -b 2).",
    )


def _spoken(chosen: list[int], why: str) -> str:
    return f"bands {', '.join(str(band + 1) for band in chosen)} ({why}) as red, green, blue"


def _affordable(layout: Layout, chosen: list[int], kind: str) -> None:
    size = layout.decoded_bytes(len(chosen))
    if size > MOST_BYTES or layout.too_large:
        numbers = " ".join(f"-b {band + 1}" for band in chosen)
        raise SpaceHubError(
            f"The file is {kind}, which takes {size / 2**20:,.0f} MB when decoded. The limit is "
            f"{MOST_BYTES / 2**20:,.0f} MB in total and {segments.MOST_BYTES / 2**20:.0f} MB per tile or "
            "strip.",
            f"Keep only three bands, and store them in tiles: gdal_translate {numbers} -co TILED=YES -co COMPRESS=DEFLATE in.tif out.tif",
        )


def _stretch(file: BinaryIO, tags: Tags, layout: Layout, chosen: list[int], kind: str) -> tuple[Stretch, str]:
    """Decide from a few segments how values become eight bits, and describe it."""
    nodata = _nodata(tags)
    if layout.dtype == np.uint8:
        return Stretch(white=None, nodata=nodata), ""
    as_they_are = Stretch(white=None, nodata=nodata)
    few = range(0, layout.places, max(1, layout.places // SAMPLED))
    samples = [_thinned(values, as_they_are) for _, values in segments.decode(file, layout, chosen, only=few)]
    values = np.concatenate(list(samples)) if samples else np.zeros(0)
    low, high = np.percentile(values, (2, 98)) if values.size else (0.0, WHITE)
    if layout.dtype.kind == "f" and low >= -1 and 0.01 <= high <= 1.6:
        return Stretch(white=WHITE, nodata=nodata), "; reflectance from 0 to 0.275 stretched to 1 to 255"
    if (low <= 7_000 and 100 <= high <= 20_000) or not values.size:
        return (
            Stretch(white=10_000 * WHITE, nodata=nodata),
            "; 0 to 2,750 (reflectance × 10,000) stretched to 1 to 255",
        )
    raise SpaceHubError(
        f"The file is {kind}, with values from {plain(low)} to {plain(high)} (2nd and 98th "
        "percentile). The file has more than eight bits per channel. Unlike in Sentinel-2 files, the values are not reflectance × 10,000.",
        f"Convert the file to eight bits: gdal_translate -ot Byte -scale {_digits(low)} {_digits(high)} 1 255 in.tif out.tif",
    )


def _thinned(values: np.ndarray, stretch: Stretch) -> np.ndarray:
    """Return some of the pixels that have a value."""
    step = max(1, math.isqrt(values.shape[0] * values.shape[1] // 10_000))
    some = values[::step, ::step]
    return some[stretch.seen(some)].ravel().astype(np.float64)


def _nodata(tags: Tags) -> float | None:
    try:
        return float(tags.text(NODATA)[:40])
    except ValueError:
        return None


def _digits(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.4g}"
