"""Read an untrusted image: first its header, then its pixels; or explain why it cannot be read."""

from pathlib import Path

import pi_heif
from PIL import Image, ImageOps

from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import geotiff, ground, jpeg2000, kinds, segments, tiff_tags
from spacehub.serving.satellite.tiff_tags import Tags

MAX_BYTES = 160 * 2**20  # Sentinel-2's true-colour image has up to 140 MB.
LONGEST_SIDE, SHORTEST_SIDE = 8_000, 16
FORMATS = ("AVIF", "BMP", "GIF", "HEIF", "JPEG", "JPEG2000", "PNG", "TIFF", "WEBP")
# HEIC photographs from phones. libheif rejects an image that is larger than its header says, before
# decoding it.
pi_heif.register_heif_opener(thumbnails=False)
# PIL uses four bytes per pixel: 256 MB at most. Above twice this, PIL's own check also rejects the image.
Image.MAX_IMAGE_PIXELS = jpeg2000.LARGEST**2
WIDE_MODES = ("I", "F")
WIDE_SAMPLES = (";16", ";32", ";I", ";F")
TRANSPARENT = ("RGBA", "LA", "PA", "La", "RGBa")
# A mask is 0 or 255 almost everywhere; a satellite band that is tagged as a mask is not.
LEAST_MASK = 0.9
WHERE_FROM = f"Send a file in one of these formats: {', '.join(FORMATS)}.".replace("HEIF", "HEIC")


def read(path: Path) -> Image.Image:
    """Return the image in `path`, upright; for an animation, the first frame. Its mode may be any.

    Its ``info`` has ``metres_a_pixel`` if the file states it, and ``reduced`` if a pixel represents that
    many of the file's pixels across. If bands were chosen, values stretched or the resolution reduced,
    ``read_as`` describes that in words.

    Raises
    ------
    SpaceHubError
        If the file is not an image of `FORMATS`, is too large in bytes or pixels, too small or cut off, or has
        values that cannot be converted to eight bits. Its size is read from the header, before anything
        is decoded.
    """
    if path.stat().st_size > MAX_BYTES:
        raise SpaceHubError(
            f"The file is {path.stat().st_size / 2**20:.0f} MB, but the limit is {MAX_BYTES / 2**20:.0f} MB.",
            "Save the image as JPEG, or crop it.",
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
    """Convert an image of any mode to RGB; transparent pixels become black, which means no data.

    Raises
    ------
    SpaceHubError
        If the colour mode of the image cannot be converted.
    """
    if picture.mode in TRANSPARENT or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        ground = Image.new("RGBA", seen.size, (0, 0, 0, 255))
        return Image.alpha_composite(ground, seen).convert("RGB")
    try:
        return picture.convert("RGB")
    except ValueError as error:
        raise SpaceHubError(
            f"The image has the colour mode {picture.mode}, which is not supported.",
            "Save the image in RGB or greyscale.",
        ) from error


def _by_pillow(path: Path, tags: Tags | None) -> Image.Image:
    try:
        picture = Image.open(path, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise SpaceHubError("The image has too many pixels.", _smaller()) from error
    except Exception as error:  # decoders raise exceptions of all types
        if tags is None and kinds.is_read(path):
            raise _damaged() from error
        if tags is not None:
            raise SpaceHubError(
                "The file is an unsupported kind of TIFF.",
                "Convert the file: gdal_translate -of PNG -ot Byte in.tif out.png",
            ) from error
        kinds.refuse(path)
        raise SpaceHubError("The file is not a readable image.", WHERE_FROM) from error
    reduced = jpeg2000.prepare(picture, path) if picture.format == "JPEG2000" else 1
    _check(picture)
    try:
        height = picture.height
        picture.load()
        ImageOps.exif_transpose(
            picture, in_place=True
        )  # otherwise it also copies images that are already upright
    except Exception as error:
        raise _damaged() from error
    if picture.format == "JPEG2000" and (metres := ground.of_jpeg2000(path, height)):
        picture.info["metres_a_pixel"] = reduced * metres
    if reduced > 1:
        picture.info["reduced"] = reduced
        picture.info["read_as"] = f"JPEG 2000, read at 1/{reduced} of its resolution."
    if tags is not None and picture.mode == "RGBA" and not _is_mask(picture):
        picture = picture.convert("RGB")
        picture.info["read_as"] = (
            "a TIFF of 4 bands; the fourth band is ignored, because it is tagged as transparency but is not a mask."
        )
    return picture


def _damaged() -> SpaceHubError:
    return SpaceHubError("The image is damaged or truncated.", "Save or download the image again.")


def _tags(path: Path) -> Tags | None:
    """Return the tags of a TIFF file; None for any other file, or if it is too damaged to have tags."""
    with open(path, "rb") as file:
        try:
            return tiff_tags.read(file)
        except ValueError:
            return None


def _is_raster(tags: Tags) -> bool:
    """Return whether PIL cannot read a TIFF, or reduces its values to eight bits without a warning."""
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
    """Reject the file by its header alone."""
    _check_size(*picture.size, longest=jpeg2000.LARGEST if picture.format == "JPEG2000" else LONGEST_SIDE)
    if picture.mode.startswith(WIDE_MODES) or _wide_samples(picture):
        raise SpaceHubError(
            "The image has more than eight bits per channel, and the file does not say which "
            "values are dark and which are bright.",
            "Convert the image to eight bits with the contrast that you want: gdal_translate -of PNG -ot Byte "
            "-scale IN out.png",
        )


def _check_size(width: int, height: int, *, longest: int = LONGEST_SIDE) -> None:
    size = f"The image is {width:,} × {height:,} pixels"
    if max(width, height) > longest:
        raise SpaceHubError(f"{size}.", _smaller(longest, tall=height > width))
    if min(width, height) < SHORTEST_SIDE:
        raise SpaceHubError(
            f"{size}, which is too small to classify.",
            f"Send an image of at least {SHORTEST_SIDE} pixels per side.",
        )


def _wide_samples(picture: Image.Image) -> bool:
    """Return whether a file has more bits per channel than PIL keeps; PIL drops them without a warning."""
    return picture.format == "PNG" and any(
        kind in str(tile[3]) for tile in picture.tile for kind in WIDE_SAMPLES
    )


def _smaller(longest: int = LONGEST_SIDE, *, tall: bool = False) -> str:
    size = f"0 {longest}" if tall else f"{longest} 0"
    return (
        f"Crop the image, or scale it down to at most {longest:,} pixels per side: gdal_translate -outsize "
        f"{size} -r average IN OUT"
    )
