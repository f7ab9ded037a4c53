"""Read the strips or tiles of a TIFF file: their places and their values, one after another, with bounded sizes."""

import io
import lzma
import math
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from PIL import Image

from spacehub.serving.satellite.tiff_tags import Tags

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Size of one decoded strip or tile. An uncompressed strip or tile is no larger than its file.
MOST_BYTES, MOST_BYTES_PLAIN = 100 * 2**20, 160 * 2**20
SMALLEST_TILE = 16  # TIFF 6.0, section 15
NONE, LZW, DEFLATE, OLD_DEFLATE, PACKBITS, LZMA, ZSTD = 1, 5, 8, 32946, 32773, 34925, 50000
CODECS = {
    2: "CCITT",
    3: "CCITT fax",
    4: "CCITT fax",
    6: "JPEG",
    7: "JPEG",
    33003: "JPEG 2000",
    33005: "JPEG 2000",
}
CODECS |= {34712: "JPEG 2000", 34887: "LERC", 50001: "WebP", 50002: "JPEG XL", 52546: "JPEG XL"}
KINDS = {1: "u", 2: "i", 3: "f"}


class CodecError(Exception):
    """The values are of an unsupported kind; its text names the kind, and `options` of gdal_translate convert it."""

    def __init__(self, what: str, options: str):
        super().__init__(what)
        self.options = options


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How the values of a raster are arranged in its file, in segments of `high` by `wide` pixels."""

    width: int
    height: int
    samples: int
    dtype: np.dtype
    photometric: int
    separate: bool
    compression: int
    predictor: int
    wide: int
    high: int
    tiled: bool
    offsets: list[int]
    sizes: list[int]

    @property
    def across(self) -> int:
        """The number of segments in a row."""
        return math.ceil(self.width / self.wide)

    @property
    def places(self) -> int:
        """The number of segments that cover the raster; if bands are separate, each band has as many."""
        return self.across * math.ceil(self.height / self.high)

    @property
    def segment_bytes(self) -> int:
        """Size of one segment, decoded."""
        return self.wide * self.high * (1 if self.separate else self.samples) * self.dtype.itemsize

    @property
    def too_large(self) -> bool:
        """Whether a segment would expand beyond the limit."""
        return self.segment_bytes > (MOST_BYTES_PLAIN if self.compression == NONE else MOST_BYTES)

    def decoded_bytes(self, bands: int) -> int:
        """Return the size of all segments that must be decoded for this many bands."""
        return self.segment_bytes * self.places * (bands if self.separate else 1)


def layout(tags: Tags) -> Layout:
    """Return how the values are arranged.

    Raises
    ------
    ValueError
        If the tags contradict each other.
    CodecError
        If the values are of an unsupported kind, or compressed in an unsupported way.
    """
    width, height, samples = tags.one(256, 0), tags.one(257, 0), tags.one(277, 1)
    bits, kinds = set(tags.counts(258)) or {1}, set(tags.counts(339)) or {1}
    compression, predictor, tiled = tags.one(259, NONE), tags.one(317, 1), 322 in tags.values
    wide = tags.one(322, 0) if tiled else width
    high = tags.one(323, 0) if tiled else min(tags.one(278, height), height)
    separate = tags.one(284, 1) == 2 and samples > 1
    if min(width, height, samples, wide, high) < 1 or (tiled and min(wide, high) < SMALLEST_TILE):
        raise ValueError("no size")
    if compression not in (NONE, LZW, DEFLATE, OLD_DEFLATE, PACKBITS, LZMA, ZSTD):
        name = CODECS.get(compression, f"number {compression}")
        raise CodecError(f"{name} compression", "-co COMPRESS=DEFLATE")
    if len(bits) > 1 or len(kinds) > 1:
        raise CodecError("bands of different data types", "-ot UInt16 -co COMPRESS=DEFLATE")
    if predictor not in (1, 2, 3) or tags.one(266, 1) != 1:
        raise CodecError("an unusual predictor or orientation", "-co COMPRESS=DEFLATE")
    [bit], [kind] = bits, kinds
    if bit not in (8, 16, 32, 64) or kind not in KINDS or (kind == 3 and bit == 8):
        raise CodecError(f"{bit}-bit values", "-ot Byte -scale -co COMPRESS=DEFLATE -co NBITS=8")
    layout_ = Layout(
        width=width,
        height=height,
        samples=samples,
        dtype=np.dtype(f"{tags.order}{KINDS[kind]}{bit // 8}"),
        photometric=tags.one(262, 1),
        separate=separate,
        compression=compression,
        predictor=predictor,
        wide=wide,
        high=high,
        tiled=tiled,
        offsets=tags.counts(324 if tiled else 273),
        sizes=tags.counts(325 if tiled else 279),
    )
    count = layout_.places * (samples if separate else 1)
    if len(layout_.offsets) != count or len(layout_.sizes) != count:
        raise ValueError("Some strips or tiles are missing from the file.")
    return layout_


def decode(
    file: BinaryIO, layout_: Layout, bands: list[int], *, only: Iterable[int] | None = None
) -> Iterator[tuple[tuple[int, int], np.ndarray]]:
    """Yield the values of some bands, [h, w, len(bands)], segment by segment, with the place of the first pixel.

    Raises
    ------
    ValueError, OSError
        If a segment is damaged or cut off.
    """
    for place in only if only is not None else range(layout_.places):
        top, left = place // layout_.across * layout_.high, place % layout_.across * layout_.wide
        if layout_.separate:
            parts = [_one(file, layout_, band * layout_.places + place, top, 1)[..., 0] for band in bands]
            values = np.stack(parts, axis=-1)
        else:
            values = _one(file, layout_, place, top, layout_.samples)[..., bands]
        yield (top, left), values[: layout_.height - top, : layout_.width - left]


def _one(file: BinaryIO, layout_: Layout, number: int, top: int, samples: int) -> np.ndarray:
    """Return one segment, [h, wide, samples]; a segment that was left out, as GDAL does with empty ones, is 0."""
    high = layout_.high if layout_.tiled else min(layout_.high, layout_.height - top)
    shape = high, layout_.wide, samples
    if layout_.sizes[number] == 0:
        return np.zeros(shape, layout_.dtype)
    size = math.prod(shape) * layout_.dtype.itemsize
    file.seek(layout_.offsets[number])
    raw = _decompress(file.read(min(layout_.sizes[number], size + 2**20)), layout_.compression, size, high)
    if len(raw) < size:
        raise ValueError("cut off")
    if layout_.predictor == 3 and layout_.dtype.kind == "f":
        return _floats(raw[:size], shape, layout_.dtype.itemsize)
    values = np.frombuffer(raw, layout_.dtype, math.prod(shape)).reshape(shape)
    values = values.astype(layout_.dtype.newbyteorder("="), copy=False)
    return np.cumsum(values, axis=1, dtype=values.dtype) if layout_.predictor == 2 else values


def _floats(raw: bytes, shape: tuple[int, int, int], width: int) -> np.ndarray:
    """Undo the floating-point predictor (Adobe TIFF Technical Note 3): byte differences, highest bytes first."""
    high, wide, samples = shape
    rows = np.frombuffer(raw, np.uint8).reshape(high, -1, samples)
    rows = np.cumsum(rows, axis=1, dtype=np.uint8).reshape(high, width, wide * samples)
    return np.ascontiguousarray(rows.transpose(0, 2, 1)).view(f">f{width}").reshape(shape).astype(f"f{width}")


def _decompress(raw: bytes, codec: int, size: int, rows: int) -> bytes:
    """Return at most `size` bytes, whatever the data would expand to."""
    try:
        if codec == NONE:
            return raw
        if codec in (DEFLATE, OLD_DEFLATE):
            return zlib.decompressobj().decompress(raw, size)
        if codec == ZSTD:
            return zstd.ZstdDecompressor().decompress(raw, max_length=size)
        if codec == LZMA:
            return lzma.LZMADecompressor(memlimit=MOST_BYTES).decompress(raw, max_length=size)
        return _by_pillow(raw, codec, size, rows)
    except (zlib.error, zstd.ZstdError, lzma.LZMAError, OSError) as error:
        raise ValueError(str(error)) from error


def _by_pillow(raw: bytes, codec: int, size: int, rows: int) -> bytes:
    """Let Pillow's libtiff decode bytes, as the only strip of a grey image."""
    fields = {
        256: size // rows,
        257: rows,
        258: 8,
        259: codec,
        262: 1,
        273: 8,
        277: 1,
        278: rows,
        279: len(raw),
    }
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in fields.items())
    padded = raw + bytes(len(raw) % 2)
    head = struct.pack("<2sHI", b"II", 42, 8 + len(padded))
    whole = head + padded + struct.pack("<H", len(fields)) + entries + bytes(4)
    with Image.open(io.BytesIO(whole), formats=["TIFF"]) as picture:
        return picture.tobytes()
