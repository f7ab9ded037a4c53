"""Reading a picture that anyone may have sent: its header first, then its pixels, or a sentence why not."""

from pathlib import Path

from PIL import Image, ImageOps

from spacehub.errors import SpaceHubError

MAX_BYTES = 100 * 2**20
LONGEST_SIDE, SHORTEST_SIDE = 8_000, 16
FORMATS = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
# Four bytes a pixel is what PIL holds: 256 MB at most. Beyond this its own check refuses too.
Image.MAX_IMAGE_PIXELS = LONGEST_SIDE**2
WIDE_MODES = ("I", "F")
WIDE_SAMPLES = (";16", ";32", ";I", ";F")
TRANSPARENT = ("RGBA", "LA", "PA", "La", "RGBa")
WHERE_FROM = f"Send one of {', '.join(FORMATS)}."


def read(path: Path) -> Image.Image:
    """Return the picture in `path`, upright; of an animation the first frame. It is in no particular mode.

    Raises
    ------
    SpaceHubError
        When it is no picture of `FORMATS`, too large in bytes or pixels, too small, cut off, or has more than
        eight bits a channel. Its size is read from the header, before anything is decoded.
    """
    if path.stat().st_size > MAX_BYTES:
        raise SpaceHubError(
            f"The file has {path.stat().st_size / 2**20:.0f} MB; the limit is {MAX_BYTES / 2**20:.0f} MB.",
            "Save it as JPEG, or cut a piece out of it.",
        )
    try:
        picture = Image.open(path, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise SpaceHubError("The picture has too many pixels.", _smaller()) from error
    except Exception as error:  # decoders raise types of all kinds
        raise SpaceHubError("The file is not a picture that can be read.", WHERE_FROM) from error
    _check(picture)
    try:
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)  # else it copies even what is upright
    except Exception as error:
        raise SpaceHubError(
            "The picture is damaged or cut off.", "Save it again, or fetch it again from where it came."
        ) from error
    return picture


def as_rgb(picture: Image.Image) -> Image.Image:
    """Return a picture of any mode in RGB; what is transparent becomes black, which stands for nothing seen.

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


def _check(picture: Image.Image) -> None:
    """Refuse by the header alone."""
    width, height = picture.size
    size = f"The picture is {width:,} × {height:,} pixels"
    if max(width, height) > LONGEST_SIDE:
        raise SpaceHubError(f"{size}.", _smaller())
    if min(width, height) < SHORTEST_SIDE:
        raise SpaceHubError(
            f"{size}, too few to see anything on.",
            f"Send one of at least {SHORTEST_SIDE} pixels a side.",
        )
    if picture.mode.startswith(WIDE_MODES) or _wide_samples(picture):
        raise SpaceHubError(
            "The picture has more than eight bits a channel, and nothing tells which of its values are dark and "
            "which bright.",
            "Save it with eight bits a channel, stretched as you want it seen.",
        )


def _wide_samples(picture: Image.Image) -> bool:
    """Tell whether the file has more bits a channel than PIL would keep, which it cuts off without a word."""
    if picture.format not in ("PNG", "TIFF"):
        return False
    if picture.format == "TIFF":
        return max(picture.tag_v2.get(258, (1,))) > 8  # BitsPerSample
    return any(kind in str(tile[3]) for tile in picture.tile for kind in WIDE_SAMPLES)


def _smaller() -> str:
    return f"Cut it or scale it down to at most {LONGEST_SIDE:,} pixels a side."
