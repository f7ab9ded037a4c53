"""Pictures of every kind that a visitor may send: read, or refused with a sentence."""

import struct
import zlib
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import decode

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
RGB = Image.fromarray(PIXELS)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, depth: int = 8, colour: int = 2, rows: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = png_chunk(b"IHDR", header), png_chunk(b"IDAT", zlib.compress(rows)), png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def deep_png(width: int, height: int) -> bytes:
    return png(width, height, depth=16, rows=(b"\0" + b"\x12\x34" * 3 * width) * height)


@pytest.mark.parametrize(
    ("mode", "ending"),
    [
        ("RGB", "png"),
        ("RGB", "tiff"),
        ("RGB", "bmp"),
        ("RGB", "jpg"),
        ("RGB", "webp"),
        ("RGBA", "png"),
        ("LA", "png"),
        ("L", "jpg"),
        ("1", "png"),
        ("P", "png"),
        ("P", "gif"),
        ("CMYK", "jpg"),
        ("CMYK", "tiff"),
        ("YCbCr", "jpg"),
        ("RGB", "avif"),
        ("RGBA", "avif"),
        ("RGB", "jp2"),
        ("L", "jp2"),
        ("1", "tiff"),
        ("P", "tiff"),
    ],
)
def test_pictures_of_every_mode_are_read(tmp_path, mode, ending):
    path = tmp_path / f"picture.{ending}"
    RGB.convert(mode).save(path)
    seen = decode.as_rgb(decode.read(path))
    assert (seen.mode, seen.size) == ("RGB", (60, 40))
    if mode == "RGB" and ending not in ("jpg", "webp", "avif"):
        assert (np.asarray(seen) == PIXELS).all()
    if mode == "CMYK":
        assert np.abs(np.asarray(seen).astype(int) - PIXELS).mean() < 60


def test_what_is_transparent_is_black(tmp_path):
    path = tmp_path / "half.png"
    pixels = np.dstack([PIXELS, np.full((40, 60), 255, np.uint8)])
    pixels[:, 30:, 3] = 0
    Image.fromarray(pixels).save(path)
    seen = np.asarray(decode.as_rgb(decode.read(path)))
    assert (seen[:, 30:] == 0).all()
    assert (seen[:, :30] == PIXELS[:, :30]).all()


def test_a_photograph_is_turned_upright(tmp_path):
    path = tmp_path / "turned.png"
    exif = Image.Exif()
    exif[0x0112] = 6
    RGB.save(path, exif=exif)
    assert (np.asarray(decode.read(path)) == np.rot90(PIXELS, -1)).all()


@pytest.mark.parametrize("ending", ["gif", "webp", "png", "tiff"])
def test_of_an_animation_the_first_frame_counts(tmp_path, ending):
    path = tmp_path / f"moves.{ending}"
    black = Image.new("RGB", (60, 40))
    black.save(path, save_all=True, append_images=[Image.new("RGB", (60, 40), "white")])
    assert np.asarray(decode.as_rgb(decode.read(path))).max() == 0


# 64 × 48 pixels, red on the left and blue on the right, to be turned right by a quarter.
HEIC = b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB7AABAAAAAAAAAHAAAgAAAAACXAABAAAAAAAAACQAAAA4aWluZgAAAAAA"
    "AgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADm"
    "aXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAq"
    "QgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQAN"
    "AAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEAAQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEA"
    "AQAAAJxtZGF0AAAAbCgBrwngOSMkv//5BH//+MRuQ/YtCcF//M2h9/gQX//7mu9RXZU5jYRyVIT1TvxGXxshJUjChDe8"
    "cnwf/n018Qe3Uxnev0Dill//n018Qe3KfLYUNJyoyHhkY+V4FJdFf0rf9WilQTStww0HwAAAAAZFeGlmAABNTQAqAAAA"
    "CAABARIAAwAAAAEABgAAAAAAAA=="
)


def test_a_phone_s_photograph_is_read_upright(tmp_path):
    path = tmp_path / "IMG_0001.HEIC"
    path.write_bytes(HEIC)
    seen = np.asarray(decode.as_rgb(decode.read(path))).astype(int)
    assert seen.shape == (64, 48, 3)
    assert (seen[:28, :, 0] - seen[:28, :, 2] > 100).all()
    assert (seen[36:, :, 2] - seen[36:, :, 0] > 100).all()


@pytest.mark.parametrize("side", [32, 9000])
def test_a_heic_of_another_size_than_its_header_says_is_refused(tmp_path, side):
    at = HEIC.index(b"ispe") + 8
    path = tmp_path / "lie.heic"
    path.write_bytes(HEIC[:at] + 2 * side.to_bytes(4) + HEIC[at + 8 :])
    with pytest.raises(SpaceHubError, match="The image is damaged or truncated"):
        decode.read(path)


NOT_READ = "The file is not a readable image. Send a file in one of these formats: AVIF, BMP, GIF, HEIC, JPEG, JPEG2000, PNG, TIFF, WEBP."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", NOT_READ),
        (b"landing_probability\n0.5\n", NOT_READ),
        (
            b"PK\x03\x04" + b"\0" * 100,
            "The file is a zip archive, which is not supported. Unpack the archive",
        ),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='64' height='64'/>", "The file is a drawing (SVG)"),
        (
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
            "The file is a HEIC image that is damaged or has an unsupported encoding. Convert the image: heif",
        ),
        (
            b"\x89HDF\r\n\x1a\n",
            "The file is an HDF5 or NetCDF-4 file, which is not supported. List its contents with gdal",
        ),
        (
            b"II*\0\x08\0\0\0\0\0",
            "The file is an unsupported kind of TIFF. Convert the file: gdal_translate",
        ),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n", NOT_READ),
        (b"\x89PNG\r\n\x1a\n", "The image is damaged or truncated."),
        (b"\xff\xd8\xff\xe0", "The image is damaged or truncated."),
        (
            png(10_000, 10_000),
            "The image is 10,000 × 10,000 pixels. Crop the image, or scale it down to at most 8,000 pixels per side: gdal_translate",
        ),
        (png(60_000, 60_000), "The image has too many pixels. Crop the image"),
        (png(8_001, 16), "The image is 8,001 × 16 pixels."),
        (png(1, 1, rows=b"\0\0\0\0"), "The image is 1 × 1 pixels, which is too small to classify."),
        (png(64, 64), "The image is damaged or truncated."),
        (png(64, 64, rows=b"\xff" * 100_000), "The image is damaged or truncated."),
        (deep_png(64, 64), "The image has more than eight bits per channel"),
    ],
    ids=lambda value: str(value)[:24],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning", "ignore:Corrupt EXIF")
def test_what_cannot_be_read_is_told(tmp_path, data, words):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(SpaceHubError) as caught:
        decode.read(path)
    assert str(caught.value).startswith(words)


def test_a_warning_of_pil_s_does_not_hide_the_sentence(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(png(12_000, 12_000))
    with pytest.warns(Image.DecompressionBombWarning), pytest.raises(SpaceHubError, match="12,000 × 12,000"):
        decode.read(path)


@pytest.mark.parametrize("ending", ["jpg", "png", "tiff", "gif", "webp", "bmp"])
def test_one_cut_off_is_told(tmp_path, ending):
    path = tmp_path / f"cut.{ending}"
    RGB.save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SpaceHubError, match=r"damaged or truncated|not a readable image"):
        decode.read(path)


@pytest.mark.parametrize("kind", ["I;16", "I", "F"])
def test_more_than_eight_bits_are_refused(tmp_path, kind):
    path = tmp_path / "deep.tiff"
    Image.fromarray(
        np.arange(64 * 64).reshape(64, 64).astype({"I;16": "u2", "I": "i4", "F": "f4"}[kind])
    ).save(path)
    with pytest.raises(SpaceHubError, match="more than eight bits per channel"):
        decode.read(path)


def test_too_many_bytes_are_refused_unread(tmp_path):
    path = tmp_path / "long.jpg"
    with open(path, "wb") as file:
        file.truncate(decode.MAX_BYTES + 2**20)
    with pytest.raises(SpaceHubError, match="The file is 161 MB, but the limit is 160 MB"):
        decode.read(path)
