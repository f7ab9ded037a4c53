"""Reading a picture that anyone may have sent: its header first, then its pixels, or a sentence why not."""

from pathlib import Path

import pi_heif
from PIL import Image, ImageOps

from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import geotiff, ground, jpeg2000, kinds, segments, tiff_tags
from spacehub.serving.satellite.tiff_tags import Tags

MAX_BYTES = 160 * 2**20  # Sentinel-2's true-colour picture has up to 140 MB
LONGEST_SIDE, SHORTEST_SIDE = 8_000, 16
FORMATS = ("AVIF", "BMP", "GIF", "HEIF", "JPEG", "JPEG2000", "PNG", "TIFF", "WEBP")
# Phones' HEIC photographs. libheif refuses a picture that is larger than its header says, before decoding it.
pi_heif.register_heif_opener(thumbnails=False)
# Four bytes a pixel is what PIL holds: 256 MB at most. Beyond twice this its own check refuses too.
Image.MAX_IMAGE_PIXELS = jpeg2000.LARGEST**2
WIDE_MODES = ("I", "F")
WIDE_SAMPLES = (";16", ";32", ";I", ";F")
TRANSPARENT = ("RGBA", "LA", "PA", "La", "RGBa")
# A mask is all but everywhere 0 or 255; a band of a satellite that is tagged as one is not.
LEAST_MASK = 0.9
WHERE_FROM = f"Send one of {', '.join(FORMATS)}.".replace("HEIF", "HEIC")


def read(path: Path) -> Image.Image:
    """Return the picture in `path`, upright; of an animation the first frame. It is in no particular mode.

    Its ``info`` has ``metres_a_pixel`` where the file states it, ``reduced`` where a pixel represents that many of the
    file's across, and ``read_as`` where bands were chosen, values
    stretched or the resolution reduced: what was done, in words.

    Raises
    ------
    SpaceHubError
        When it is no picture of `FORMATS`, too large in bytes or pixels, too small, cut off, or has values that cannot
        be made eight bits. Its size is read from the header, before anything is decoded.
    """
    if path.stat().st_size > MAX_BYTES:
        raise SpaceHubError(
            f"The file has {path.stat().st_size / 2**20:.0f} MB; the limit is {MAX_BYTES / 2**20:.0f} MB.",
            "Save it as JPEG, or cut a piece out of it.",
        )
    tags = _tags(path)
    if tags is not None and _is_raster(tags):
        _check_size(tags.one(256, 0), tags.one(257, 0))
        picture = geotiff.read(path)
    else:
        picture = _by_pillow(path, tags)
    if tags is not None and (metres := ground.of_tiff(tags, picture.height)):
        picture.info["metres_a_pixel"] = metres
    return picture


def as_rgb(picture: Image.Image) -> Image.Image:
    """Return a picture of any mode in RGB; transparent pixels become black, which means no data.

    Raises
    ------
    SpaceHubError
        When its colours are of a kind that cannot be converted.
    """
    if picture.mode in TRANSPARENT or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        ground = Image.new("RGBA", seen.size, (0, 0, 0, 255))
        return Image.alpha_composite(ground, seen).convert("RGB")
    try:
        return picture.convert("RGB")
    except ValueError as error:
        raise SpaceHubError(
            f"The picture's colours are of the kind {picture.mode}, which cannot be read.",
            "Save it in RGB or in grey.",
        ) from error


def _by_pillow(path: Path, tags: Tags | None) -> Image.Image:
    try:
        picture = Image.open(path, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise SpaceHubError("The picture has too many pixels.", _smaller()) from error
    except Exception as error:  # decoders raise types of all kinds
        if tags is None and kinds.is_read(path):
            raise _damaged() from error
        if tags is not None:
            raise SpaceHubError(
                "The file is a TIFF of a kind that is not read here.",
                "Convert it: gdal_translate -of PNG -ot Byte in.tif out.png",
            ) from error
        kinds.refuse(path)
        raise SpaceHubError("The file is not a readable picture.", WHERE_FROM) from error
    reduced = jpeg2000.prepare(picture, path) if picture.format == "JPEG2000" else 1
    _check(picture)
    try:
        height = picture.height
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)  # else it copies even what is upright
    except Exception as error:
        raise _damaged() from error
    if picture.format == "JPEG2000" and (metres := ground.of_jpeg2000(path, height)):
        picture.info["metres_a_pixel"] = reduced * metres
    if reduced > 1:
        picture.info["reduced"] = reduced
        picture.info["read_as"] = f"JPEG 2000, read at one part in {reduced} of its resolution."
    if tags is not None and picture.mode == "RGBA" and not _is_mask(picture):
        picture = picture.convert("RGB")
        picture.info["read_as"] = (
            "a TIFF of 4 bands: the fourth is tagged as transparency but is no mask; ignored."
        )
    return picture


def _damaged() -> SpaceHubError:
    return SpaceHubError(
        "The picture is damaged or cut off.", "Save it again, or fetch it again from where it came."
    )


def _tags(path: Path) -> Tags | None:
    """Return the tags of a TIFF file; None of any other, and of one so damaged that it has none."""
    with open(path, "rb") as file:
        try:
            return tiff_tags.read(file)
        except ValueError:
            return None


def _is_raster(tags: Tags) -> bool:
    """Return whether PIL cannot read a TIFF, or cuts its values down to eight bits without a word."""
    samples, photometric = tags.one(277, 1), tags.one(262, 1)
    return (
        max(tags.counts(258), default=1) > 8
        or samples > 4
        or (photometric in (0, 1) and samples > (2 if tags.counts(338) else 1))
        or tags.one(259, 1) in (segments.ZSTD, segments.LZMA)
    )


def _is_mask(picture: Image.Image) -> bool:
    counts = picture.getchannel("A").histogram()
    return counts[0] + counts[255] >= LEAST_MASK * sum(counts)


def _check(picture: Image.Image) -> None:
    """Refuse by the header alone."""
    _check_size(*picture.size, longest=jpeg2000.LARGEST if picture.format == "JPEG2000" else LONGEST_SIDE)
    if picture.mode.startswith(WIDE_MODES) or _wide_samples(picture):
        raise SpaceHubError(
            "The picture has more than eight bits a channel, and nothing says which of its values are dark and "
            "which bright.",
            "Stretch it to eight bits as you want it seen: gdal_translate -of PNG -ot Byte -scale IN out.png",
        )


def _check_size(width: int, height: int, *, longest: int = LONGEST_SIDE) -> None:
    size = f"The picture is {width:,} × {height:,} pixels"
    if max(width, height) > longest:
        raise SpaceHubError(f"{size}.", _smaller(longest, tall=height > width))
    if min(width, height) < SHORTEST_SIDE:
        raise SpaceHubError(
            f"{size}, too few to see anything on.",
            f"Send one of at least {SHORTEST_SIDE} pixels a side.",
        )


def _wide_samples(picture: Image.Image) -> bool:
    """Return whether a file has more bits a channel than PIL would keep, which it cuts off without a word."""
    return picture.format == "PNG" and any(
        kind in str(tile[3]) for tile in picture.tile for kind in WIDE_SAMPLES
    )


def _smaller(longest: int = LONGEST_SIDE, *, tall: bool = False) -> str:
    size = f"0 {longest}" if tall else f"{longest} 0"
    return (
        f"Cut it or scale it down to at most {longest:,} pixels a side: "
        f"gdal_translate -outsize {size} -r average IN OUT"
    )
