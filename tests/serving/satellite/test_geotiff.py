"""Rasters as satellites' software writes them: read to the value, or refused with the command that converts them."""

import contextlib
import io
import itertools
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import decode, segments

RASTER = np.random.default_rng(0).integers(200, 2_500, (40, 56, 13), np.uint16)
SMALL = (RASTER >> 4).astype(np.uint8)
GREY = {"photometric": "minisblack", "planarconfig": "contig"}
PIXEL = {33550: (10.0, 10.0, 0.0), 33922: (0.0, 0.0, 0.0, 600_000.0, 5_000_000.0, 0.0)}


def stretched(values: np.ndarray, white: float = 2_750) -> np.ndarray:
    return np.clip(np.rint(values.astype(np.float32) * np.float32(254 / white) + 1), 1, 255).astype(np.uint8)


def written(path: Path, values: np.ndarray, **how) -> Path:
    tifffile.imwrite(path / "raster.tif", values, **how)
    return path / "raster.tif"


def geo(scale: tuple, tie: tuple, keys: list[tuple[int, int]]) -> list[tuple]:
    """Return the tags of a GeoTIFF, as tifffile takes them."""
    directory = [1, 1, 0, len(keys), *itertools.chain(*((key, 0, 1, value) for key, value in keys))]
    return [
        (33550, "d", 3, (*scale, 0.0), True),
        (33922, "d", 6, (0.0, 0.0, 0.0, *tie, 0.0), True),
        (34735, "H", len(directory), directory, True),
    ]


@pytest.mark.parametrize(
    ("values", "how", "expected", "words"),
    [
        (RASTER[..., :3], GREY, stretched(RASTER[..., :3]), "3 bands with 16 bits each: bands 1, 2, 3"),
        (RASTER[..., :4], GREY, stretched(RASTER[..., :3]), "4 bands with 16 bits each: bands 1, 2, 3"),
        (
            RASTER,
            GREY,
            stretched(RASTER[..., [3, 2, 1]]),
            "13 bands with 16 bits each: bands 4, 3, 2 (as in Sent",
        ),
        (
            RASTER[..., :3],
            {"photometric": "rgb"},
            stretched(RASTER[..., :3]),
            "0 to 2,750 (reflectance × 10,000)",
        ),
        (RASTER[..., :3].astype("i2"), GREY, stretched(RASTER[..., :3]), "16 bits each (signed)"),
        (
            RASTER[..., :3].astype("f4") / 1e4,
            GREY,
            stretched(RASTER[..., :3] / 1e4, 0.275),
            "from 0 to 0.275",
        ),
        (SMALL[..., :3], GREY, SMALL[..., :3], "3 bands with 8 bits each: bands 1, 2, 3"),
        (SMALL, GREY, SMALL[..., [3, 2, 1]], "13 bands with 8 bits each: bands 4, 3, 2"),
        (SMALL[..., :5], {"photometric": "rgb"}, SMALL[..., :3], "5 bands with 8 bits each: bands 1, 2, 3"),
        (
            SMALL[..., :4],
            {"photometric": "rgb", "extrasamples": ["unassalpha"]},
            SMALL[..., :3],
            "it is tagged as transparency but is not a mask",
        ),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_bands_and_values_are_what_they_should_be(tmp_path, values, how, expected, words):
    picture = decode.read(written(tmp_path, values, **how))
    assert picture.mode == "RGB"
    assert (np.asarray(picture) == expected).all()
    assert words in picture.info["read_as"]


@pytest.mark.parametrize("compression", [None, "zlib", "lzma"])
@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("tile", [None, (32, 16)])
@pytest.mark.parametrize("order", "<>")
def test_every_layout_gives_the_same_pixels(tmp_path, compression, planar, tile, order):
    values = RASTER if planar == "contig" else np.moveaxis(RASTER, -1, 0)
    how = {"tile": tile} if tile else {"rowsperstrip": 7}
    if compression:
        how["predictor"] = 2
    path = written(
        tmp_path,
        values,
        photometric="minisblack",
        planarconfig=planar,
        compression=compression,
        byteorder=order,
        bigtiff=order == ">",
        **how,
    )
    assert (np.asarray(decode.read(path)) == stretched(RASTER[..., [3, 2, 1]])).all()


def by_hand(values: np.ndarray, *, compression: int, predictor: int, data: bytes) -> bytes:
    """Return a TIFF file of one strip, of what no writer here compresses."""
    high, wide, samples = values.shape
    kind = 3 if values.dtype.kind == "f" else 1
    fields = {256: wide, 257: high, 258: 8 * values.dtype.itemsize, 259: compression, 262: 1, 273: 8}
    fields |= {277: samples, 278: high, 279: len(data), 317: predictor, 339: kind}
    body = data + bytes(len(data) % 2)
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(fields.items()))
    return (
        struct.pack("<2sHI", b"II", 42, 8 + len(body))
        + body
        + struct.pack("<H", len(fields))
        + entries
        + bytes(4)
    )


def lzw(data: bytes) -> bytes:
    file = io.BytesIO()
    Image.frombytes("L", (len(data), 1), data).save(file, "TIFF", compression="tiff_lzw")
    with tifffile.TiffFile(io.BytesIO(file.getvalue())) as written:
        page = written.pages[0]
        return file.getvalue()[page.dataoffsets[0] :][: page.databytecounts[0]]


def float_differences(values: np.ndarray) -> bytes:
    """Return the bytes of float32 rows under predictor 3."""
    rows = values.reshape(len(values), -1).astype(">f4").view(np.uint8).reshape(len(values), -1, 4)
    planes = rows.transpose(0, 2, 1).reshape(len(values), -1, values.shape[2])
    return np.diff(planes, axis=1, prepend=np.uint8(0)).astype(np.uint8).tobytes()


FLOATS = (RASTER[..., :3] / 1e4).astype("f4")


@pytest.mark.parametrize(
    ("values", "compression", "predictor", "data"),
    [
        (RASTER, segments.ZSTD, 1, segments.zstd.compress(RASTER.tobytes())),
        (RASTER, segments.LZW, 1, lzw(RASTER.tobytes())),
        (FLOATS, segments.DEFLATE, 3, zlib.compress(float_differences(FLOATS))),
    ],
    ids=["zstd", "lzw", "floating-point predictor"],
)
def test_what_gdal_compresses_is_read(tmp_path, values, compression, predictor, data):
    path = tmp_path / "raster.tif"
    path.write_bytes(by_hand(values, compression=compression, predictor=predictor, data=data))
    expected = stretched(FLOATS, 0.275) if values is FLOATS else stretched(RASTER[..., [3, 2, 1]])
    assert (np.asarray(decode.read(path)) == expected).all()


def test_bands_that_are_named_are_taken_by_their_names(tmp_path):
    names = "".join(
        f'<Item name="DESCRIPTION" sample="{at}" role="description">{name}</Item>'
        for at, name in enumerate(["B2", "B3", "B4", "B5", "B6", "B7", "B8", "B11"])
    )
    answer = [(42112, "s", 0, f"<GDALMetadata>{names}</GDALMetadata>", True)]
    picture = decode.read(written(tmp_path, RASTER[..., :8], **GREY, extratags=answer))
    assert (np.asarray(picture) == stretched(RASTER[..., [2, 1, 0]])).all()
    assert "bands 3, 2, 1 (as named in the file)" in picture.info["read_as"]


def test_what_has_no_value_is_black(tmp_path):
    values = RASTER[..., :3].copy()
    values[:10] = 0
    values[10:20] = 9_999
    answer = [(42113, "s", 0, "9999", True)]
    seen = np.asarray(decode.read(written(tmp_path, values, **GREY, extratags=answer)))
    assert (seen[:20] == 0).all()
    assert (seen[20:] > 0).all()


@pytest.mark.parametrize(
    ("values", "how", "words"),
    [
        (
            RASTER[..., :8],
            GREY,
            ["a TIFF of 8 bands with 16 bits each", "gdal_translate -b RED -b GREEN -b BLUE"],
        ),
        (
            RASTER[..., 0],
            {},
            ["a TIFF of one band of 16 bits. It has more than eight bits per channel", "gdalbuildvrt"],
        ),
        (RASTER[..., :3] + 7_300, GREY, ["values from 7,", "gdal_translate -ot Byte -scale 75"]),
        (RASTER[..., :3] * 20, GREY, ["not reflectance × 10,000", "1 255 in.tif out.tif"]),
        (RASTER[..., :3] > 999, GREY, ["a TIFF with 1-bit values", "gdal_translate -ot Byte"]),
        (np.zeros((8_001, 20, 3), np.uint16), GREY, ["20 × 8,001 pixels", "gdal_translate -outsize 0 8000"]),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, list) else None,
)
def test_what_cannot_be_told_is_refused_with_the_command(tmp_path, values, how, words):
    with pytest.raises(SpaceHubError) as caught:
        decode.read(written(tmp_path, values, **how))
    for word in words:
        assert word in str(caught.value)


def test_an_unknown_predictor_is_named(tmp_path):
    path = tmp_path / "raster.tif"
    path.write_bytes(by_hand(RASTER, compression=segments.DEFLATE, predictor=4, data=b"?"))
    with pytest.raises(SpaceHubError, match=r"a TIFF with an unusual predictor.*gdal_translate -co COMPRESS"):
        decode.read(path)


def test_a_compression_that_is_not_read_is_named(tmp_path):
    path = tmp_path / "raster.tif"
    path.write_bytes(by_hand(RASTER, compression=34887, predictor=1, data=b"Lerc2"))
    with pytest.raises(
        SpaceHubError, match=r"a TIFF with LERC compression.*gdal_translate -co COMPRESS=DEFLATE"
    ):
        decode.read(path)


@pytest.mark.parametrize(
    ("shape", "compression", "words"),
    [
        ((7_000, 7_000, 13), segments.DEFLATE, "1,215 MB when decoded"),
        ((6_000, 6_000, 3), segments.DEFLATE, "100 MB per tile or strip"),
        ((7_500, 7_500, 3), segments.NONE, "322 MB when decoded"),
    ],
    ids=["all", "strip", "strip that is left out"],
)
def test_a_bomb_is_refused_by_its_header(tmp_path, shape, compression, words):
    path = tmp_path / "raster.tif"
    values = np.broadcast_to(np.uint16(0), shape)
    path.write_bytes(by_hand(values, compression=compression, predictor=1, data=b""))
    with pytest.raises(SpaceHubError, match=words):
        decode.read(path)


def test_a_strip_that_expands_past_its_size_is_cut(tmp_path):
    path = tmp_path / "raster.tif"
    data = zlib.compress(RASTER.tobytes() + bytes(50_000_000))
    path.write_bytes(by_hand(RASTER, compression=segments.DEFLATE, predictor=1, data=data))
    assert (np.asarray(decode.read(path)) == stretched(RASTER[..., [3, 2, 1]])).all()


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_file_cut_anywhere_is_a_sentence(tmp_path, compression):
    path = written(tmp_path, RASTER, **GREY, compression=compression)
    whole = path.read_bytes()
    for length in np.linspace(8, len(whole) - 64, 25).astype(int):
        path.write_bytes(whole[:length])
        with pytest.raises(SpaceHubError, match=r"damaged or truncated|an unsupported kind"):
            decode.read(path)


@pytest.mark.parametrize(
    ("scale", "tie", "keys", "metres"),
    [
        ((10, 10), (600_000, 5e6), [(1024, 1), (3072, 32633)], 10.0),
        ((10, 20), (600_000, 5e6), [(1024, 1), (3072, 32633)], 200**0.5),
        ((32.8084, 32.8084), (0, 0), [(1024, 1), (3076, 9002)], 10.0),
        ((1e-4, 1e-4), (10, 60), [(1024, 2), (2048, 4326)], 11.132 * 0.5**0.5),
        ((10, 10), (0, 8_399_738), [(1024, 1), (3072, 3857)], 5.0),
        ((10, 10), (0, 0), [(1024, 32767)], None),
        ((0, 0), (0, 0), [(1024, 1)], None),
        ((float("nan"), 1), (0, 0), [(1024, 1)], None),
    ],
    ids=["utm", "oblong", "feet", "degrees", "web mercator", "no system", "zero", "nan"],
)
@pytest.mark.parametrize("photometric", ["rgb", "minisblack"])
def test_the_file_s_resolution_is_known(tmp_path, scale, tie, keys, metres, photometric):
    tags = geo(scale, tie, keys)
    path = written(tmp_path, SMALL[..., :3], photometric=photometric, planarconfig="contig", extratags=tags)
    found = decode.read(path).info.get("metres_a_pixel")
    assert found == (metres and pytest.approx(metres, rel=1e-3))


def test_a_fourth_band_that_is_a_mask_is_one(tmp_path):
    mask = np.full((40, 56, 1), 255, np.uint8)
    mask[:, 28:] = 0
    values = np.concatenate([SMALL[..., :3], mask], axis=2)
    picture = decode.read(written(tmp_path, values, photometric="rgb", extrasamples=["unassalpha"]))
    seen = np.asarray(decode.as_rgb(picture))
    assert (seen[:, 28:] == 0).all()
    assert (seen[:, :28] == SMALL[:, :28, :3]).all()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("big", [False, True])
def test_a_file_with_any_bytes_changed_is_a_picture_or_a_sentence(tmp_path, big):
    whole = written(tmp_path, RASTER, **GREY, compression="zlib", predictor=2, bigtiff=big).read_bytes()
    draw, path = np.random.default_rng(0), tmp_path / "changed.tif"
    for _ in range(200):
        data = bytearray(whole)
        for place in draw.integers(0, 400, draw.integers(1, 5)):
            data[place] = draw.choice([0, 1, 2, 12, 127, 255, draw.integers(256)])
        path.write_bytes(data)
        with contextlib.suppress(SpaceHubError):
            assert decode.as_rgb(decode.read(path)).mode == "RGB"
